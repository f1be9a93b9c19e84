/** What somebody searches for, as {@link holds} wants it. */
export function needleOf(search: string): string {
  return search.trim().toLowerCase();
}

/** Whether a text holds what is searched for, in any case of letters. */
export function holds(text: string | undefined, needle: string): boolean {
  return text !== undefined && text.toLowerCase().includes(needle);
}
