export function changelogPage(): Promise<string>;
