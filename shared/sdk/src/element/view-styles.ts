import { css } from 'lit';

/**
 * Classes for what most views are made of, drawn from the theme's tokens as the panel draws its own: put them beside
 * the common styles and write only what is yours.
 *
 * - Layout: `stack` (one below the other), `row` (side by side, wraps), `head` (a title and its actions), `cards` and
 *   `fields` (as many columns as fit).
 * - Boxes: `card`; `notice` and `badge`, with a tone of `info success warning danger neutral`; `empty` (nothing there
 *   yet, or not yet loaded).
 * - Rows: `list` on a `<ul>`, with `what` on the part that takes the room.
 * - Text: `quiet`, `small`, `label`, `figure` (a number that matters); `unseen` is for those who hear the page.
 * - Forms: `field` on a `<label>` with a `<span>` and its control, `check` on one with a checkbox.
 *
 * @example
 * class NotesPage extends SodiumElement {
 *   static override styles = [SodiumElement.styles, viewStyles];
 *   override render() {
 *     return html`<section class="card stack">
 *       <p class="notice warning">Nobody has read this yet.</p>
 *     </section>`;
 *   }
 * }
 */
export const viewStyles = css`
  :where(.stack, .row, .head, .cards, .card, .list, .notice, .empty, .fields)
    :where(h2, h3, h4, p, ul, ol, dl, dd, table),
  :where(ul, dl, p).list,
  :where(ul, dl, p).notice {
    margin: 0;
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--sodium-space-5);
  }
  .row,
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--sodium-space-3);
  }
  .head {
    justify-content: space-between;
    gap: var(--sodium-space-4);
  }
  .cards,
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr));
    align-items: start;
    gap: var(--sodium-space-4);
  }
  .cards {
    align-items: stretch;
    gap: var(--sodium-space-5);
  }
  .card {
    display: grid;
    align-content: start;
    gap: var(--sodium-space-3);
    min-inline-size: 0;
    padding: var(--sodium-space-5);
    border: var(--sodium-border-width) solid var(--sodium-color-border);
    border-radius: var(--sodium-radius-lg);
    background: var(--sodium-color-surface);
    box-shadow: var(--sodium-shadow-sm);
  }
  .info {
    --tone-text: var(--sodium-color-info-text);
    --tone-soft: var(--sodium-color-info-soft);
    --tone-border: var(--sodium-color-info-border);
  }
  .success {
    --tone-text: var(--sodium-color-success-text);
    --tone-soft: var(--sodium-color-success-soft);
    --tone-border: var(--sodium-color-success-border);
  }
  .warning {
    --tone-text: var(--sodium-color-warning-text);
    --tone-soft: var(--sodium-color-warning-soft);
    --tone-border: var(--sodium-color-warning-border);
  }
  .danger {
    --tone-text: var(--sodium-color-danger-text);
    --tone-soft: var(--sodium-color-danger-soft);
    --tone-border: var(--sodium-color-danger-border);
  }
  .neutral {
    --tone-text: var(--sodium-color-text-muted);
    --tone-soft: var(--sodium-color-surface-sunken);
    --tone-border: var(--sodium-color-border);
  }
  .notice {
    padding: var(--sodium-space-3) var(--sodium-space-4);
    border: var(--sodium-border-width) solid var(--tone-border);
    border-radius: var(--sodium-radius-md);
    background: var(--tone-soft);
    color: var(--tone-text);
    overflow-wrap: anywhere;
  }
  .notice a {
    color: inherit;
    font-weight: var(--sodium-weight-medium);
  }
  .badge {
    display: inline-block;
    padding: 0 var(--sodium-space-2);
    border: var(--sodium-border-width) solid var(--tone-border);
    border-radius: var(--sodium-radius-full);
    background: var(--tone-soft);
    color: var(--tone-text);
    font-size: var(--sodium-text-xs);
    font-weight: var(--sodium-weight-medium);
    line-height: 1.6;
    white-space: nowrap;
  }
  .list {
    padding: 0;
    list-style: none;
  }
  .list > li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--sodium-space-2) var(--sodium-space-4);
    padding-block: var(--sodium-space-3);
  }
  .card.list {
    gap: 0;
    padding: var(--sodium-space-2) var(--sodium-space-5);
  }
  .list > li + li {
    border-block-start: var(--sodium-border-width) solid var(--sodium-color-border);
  }
  .what {
    flex: 1 1 12rem;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .quiet {
    color: var(--sodium-color-text-muted);
  }
  .small {
    font-size: var(--sodium-text-sm);
  }
  .label {
    color: var(--sodium-color-text-muted);
    font-size: var(--sodium-text-sm);
    font-weight: var(--sodium-weight-medium);
  }
  .figure {
    font-size: var(--sodium-text-2xl);
    font-weight: var(--sodium-weight-bold);
    font-variant-numeric: tabular-nums;
    line-height: var(--sodium-leading-tight);
    overflow-wrap: anywhere;
  }
  .empty {
    display: grid;
    justify-items: center;
    gap: var(--sodium-space-3);
    padding: var(--sodium-space-8) var(--sodium-space-4);
    text-align: center;
    color: var(--sodium-color-text-muted);
  }
  .empty strong {
    color: var(--sodium-color-text);
  }
  .field {
    display: grid;
    gap: var(--sodium-space-1);
    min-inline-size: 0;
    font-size: var(--sodium-text-sm);
  }
  .field > span:first-child {
    font-weight: var(--sodium-weight-medium);
  }
  .check {
    display: flex;
    align-items: start;
    gap: var(--sodium-space-2);
    font-size: var(--sodium-text-sm);
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
