import { css } from 'lit';

export const commonStyles = css`
  h2,
  h3,
  p,
  ul,
  dl,
  dd,
  table {
    margin: 0;
    padding: 0;
  }
  h3 {
    font-size: var(--sodium-text-md);
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--sodium-space-5);
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    justify-content: space-between;
    gap: var(--sodium-space-4);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--sodium-space-3);
  }
  .more {
    justify-content: center;
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
  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr));
    gap: var(--sodium-space-5);
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
  .negative {
    color: var(--sodium-color-danger-text);
  }
  .money {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .notice {
    padding: var(--sodium-space-3) var(--sodium-space-4);
    border: var(--sodium-border-width) solid var(--tone-border);
    border-radius: var(--sodium-radius-md);
    background: var(--tone-soft);
    color: var(--tone-text);
  }
  .notice a {
    color: inherit;
    font-weight: var(--sodium-weight-medium);
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
  .list > li + li {
    border-block-start: var(--sodium-border-width) solid var(--sodium-color-border);
  }
  .list .what {
    flex: 1 1 12rem;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .empty,
  .wait {
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
  form {
    display: grid;
    gap: var(--sodium-space-4);
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr));
    align-items: start;
    gap: var(--sodium-space-4);
  }
  .field {
    display: grid;
    gap: var(--sodium-space-1);
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
  input:not([type='checkbox']),
  select {
    inline-size: 100%;
    min-block-size: 2.5rem;
    padding-inline: var(--sodium-space-3);
    font: inherit;
    font-size: var(--sodium-text-md);
    color: var(--sodium-color-text);
    background: var(--sodium-color-surface);
    border: var(--sodium-border-width) solid var(--sodium-color-border-strong);
    border-radius: var(--sodium-radius-md);
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
`;
