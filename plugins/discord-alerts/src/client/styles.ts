import { css } from 'lit';

export const styles = css`
  h2,
  h3,
  p,
  ul,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--sodium-space-5);
  }
  .head,
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--sodium-space-3);
  }
  .head {
    justify-content: space-between;
  }
  .quiet {
    color: var(--sodium-color-text-muted);
  }
  .small {
    font-size: var(--sodium-text-sm);
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
  .figures {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 8rem), 1fr));
    gap: var(--sodium-space-4);
  }
  .figures dt {
    color: var(--sodium-color-text-muted);
    font-size: var(--sodium-text-sm);
  }
  .figures dd {
    font-size: var(--sodium-text-2xl);
    font-weight: var(--sodium-weight-bold);
    font-variant-numeric: tabular-nums;
    line-height: var(--sodium-leading-tight);
  }
  .notice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--sodium-space-3);
    padding: var(--sodium-space-3) var(--sodium-space-4);
    border: var(--sodium-border-width) solid var(--tone-border);
    border-radius: var(--sodium-radius-md);
    background: var(--tone-soft);
    color: var(--tone-text);
  }
  .notice p {
    flex: 1 1 14rem;
    overflow-wrap: anywhere;
  }
  .info {
    --tone-text: var(--sodium-color-info-text);
    --tone-soft: var(--sodium-color-info-soft);
    --tone-border: var(--sodium-color-info-border);
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
  .list {
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
  .list > li + li {
    border-block-start: var(--sodium-border-width) solid var(--sodium-color-border);
  }
  .what {
    flex: 1 1 12rem;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  /* For those who hear the page: which of many equal buttons it is. */
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .empty {
    display: grid;
    justify-items: center;
    gap: var(--sodium-space-3);
    padding: var(--sodium-space-6) var(--sodium-space-4);
    text-align: center;
    color: var(--sodium-color-text-muted);
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
    align-items: center;
    gap: var(--sodium-space-2);
    font-size: var(--sodium-text-sm);
  }
  input:not([type='checkbox']),
  select,
  textarea {
    inline-size: 100%;
    min-block-size: 2.5rem;
    padding: var(--sodium-space-2) var(--sodium-space-3);
    font: inherit;
    font-size: var(--sodium-text-md);
    color: var(--sodium-color-text);
    background: var(--sodium-color-surface);
    border: var(--sodium-border-width) solid var(--sodium-color-border-strong);
    border-radius: var(--sodium-radius-md);
  }
  textarea {
    min-block-size: 6rem;
    resize: vertical;
  }
`;
