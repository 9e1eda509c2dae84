export function changelogPage(): string;
