import { css } from 'lit';

/** What plain HTML looks like in an element of a plugin. Rules have no weight, so that any rule of yours wins. */
export const baseStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
    font-family: var(--sodium-font-sans);
    line-height: var(--sodium-leading);
    color: var(--sodium-color-text);
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :where(h1, h2, h3, h4) {
    margin: 0 0 var(--sodium-space-2);
    font-family: var(--sodium-font-heading);
    font-weight: var(--sodium-heading-weight);
    line-height: var(--sodium-leading-tight);
  }
  :where(h1) {
    font-size: var(--sodium-text-2xl);
  }
  :where(h2) {
    font-size: var(--sodium-text-xl);
  }
  :where(h3) {
    font-size: var(--sodium-text-lg);
  }
  :where(p, ul, ol, dl, table) {
    margin: 0 0 var(--sodium-space-4);
  }
  :where(small) {
    font-size: var(--sodium-text-sm);
    color: var(--sodium-color-text-muted);
  }
  :where(a) {
    color: var(--sodium-color-accent-text);
  }
  :where(table) {
    inline-size: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  :where(th, td) {
    padding: var(--sodium-space-2) var(--sodium-space-3);
    text-align: start;
    border-block-end: 1px solid var(--sodium-color-border);
  }
  :where(th) {
    font-size: var(--sodium-text-sm);
    font-weight: var(--sodium-weight-medium);
    color: var(--sodium-color-text-muted);
  }
  :where(
    select,
    textarea,
    input:not([type='checkbox'], [type='radio'], [type='range'], [type='file'], [type='color'])
  ) {
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
  :where(textarea) {
    min-block-size: 6rem;
    resize: vertical;
  }
  :where(code, pre) {
    font-family: var(--sodium-font-mono);
  }
  :where(pre) {
    overflow: auto;
  }
  :where(img, svg, video) {
    max-inline-size: 100%;
  }
  :where(:focus-visible) {
    outline: 2px solid var(--sodium-color-focus);
    outline-offset: 2px;
  }
`;
