/** What the server tells the widget. */
export interface Summary {
  running: number;
  total: number;
}
