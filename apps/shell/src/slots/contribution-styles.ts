import { css } from 'lit';

/**
 * What plain HTML looks like inside a plugin's view. Views live in a shadow root, so neither side's rules reach the
 * other; the tokens (`--sodium-*`) and the kit's elements do.
 */
export const contributionStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
  }
  .content[hidden] {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :where(h1, h2, h3, h4) {
    margin: 0 0 0.5em;
    line-height: 1.25;
    font-weight: 600;
  }
  :where(h1) {
    font-size: var(--sodium-text-2xl);
  }
  :where(h2) {
    font-size: var(--sodium-text-xl);
  }
  :where(p, ul, ol, dl) {
    margin: 0 0 1em;
  }
  :where(a) {
    color: var(--sodium-color-accent-text);
  }
  :where(table) {
    border-collapse: collapse;
    inline-size: 100%;
  }
  :where(th, td) {
    padding: var(--sodium-space-2);
    text-align: start;
    border-block-end: 1px solid var(--sodium-color-border);
  }
  :where(code, pre) {
    font-family: var(--sodium-font-mono);
    font-size: 0.9em;
  }
  :where(pre) {
    overflow: auto;
  }
  :where(img, svg, video) {
    max-inline-size: 100%;
  }
  .skeleton {
    display: grid;
    gap: var(--sodium-space-3);
    min-block-size: 6rem;
    align-content: start;
  }
  .skeleton div {
    block-size: 1rem;
    border-radius: var(--sodium-radius-sm);
    background: var(--sodium-color-border);
    animation: pulse 1.4s ease-in-out infinite alternate;
  }
  .skeleton div:first-child {
    inline-size: 40%;
  }
  .skeleton div:last-child {
    inline-size: 70%;
  }
  @keyframes pulse {
    to {
      opacity: 0.4;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .skeleton div {
      animation: none;
    }
  }
`;
