/** A note, as the server keeps it. */
export type Note = {
  id: string;
  owner: string;
  text: string;
  /** ISO 8601. */
  at: string;
};
