export function deadLinks(site: string, base?: string): string[];
