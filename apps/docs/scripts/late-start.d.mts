export function startLate(html: string, options?: { readonly isUrgent?: boolean }): string;
export function fontForWideScreens(html: string): string;
