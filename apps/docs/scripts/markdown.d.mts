export function siteMarkdown(text: string, link: (target: string) => string | undefined): string;
