import { css, html, type TemplateResult } from 'lit';

const RANGES = [
  { minutes: 15, label: '15 min' },
  { minutes: 60, label: '1 hour' },
  { minutes: 360, label: '6 hours' },
  { minutes: 1440, label: '24 hours' },
];

/** How far back charts look. */
export function rangePicker(minutes: number, onPick: (minutes: number) => void): TemplateResult {
  return html`<fieldset class="ranges">
    <legend>Time</legend>
    ${RANGES.map(
      (range) =>
        html`<label>
          <input
            type="radio"
            name="range"
            .checked=${range.minutes === minutes}
            @change=${() => onPick(range.minutes)}
          />
          <span>${range.label}</span>
        </label>`,
    )}
  </fieldset>`;
}

export const rangePickerStyles = css`
  .ranges {
    display: inline-flex;
    flex-wrap: wrap;
    min-inline-size: 0;
    margin: 0;
    padding: 2px;
    border: 1px solid var(--sodium-color-border);
    border-radius: var(--sodium-radius-md);
    background: var(--sodium-color-surface-sunken);
  }
  .ranges legend,
  .ranges input {
    position: absolute;
    opacity: 0;
    pointer-events: none;
  }
  .ranges label {
    position: relative;
    cursor: pointer;
  }
  .ranges span {
    display: block;
    padding: var(--sodium-space-1) var(--sodium-space-3);
    border-radius: var(--sodium-radius-sm);
    color: var(--sodium-color-text-muted);
    font-size: var(--sodium-text-sm);
    white-space: nowrap;
  }
  .ranges input:checked + span {
    background: var(--sodium-color-surface-raised);
    color: var(--sodium-color-text);
    box-shadow: var(--sodium-shadow-sm);
    /* Where surfaces are nearly of one colour, the line tells which it is. */
    outline: var(--sodium-border-width) solid var(--sodium-color-accent-border);
    outline-offset: calc(-1 * var(--sodium-border-width));
  }
  .ranges input:focus-visible + span {
    outline: 2px solid var(--sodium-color-focus);
    outline-offset: 0;
  }
`;
