import { css } from 'lit';

export const commonStyles = css`
  h3 {
    font-size: var(--sodium-text-md);
  }
  .head {
    align-items: end;
  }
  .more {
    justify-content: center;
  }
  .negative {
    color: var(--sodium-color-danger-text);
  }
  .money {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  form {
    display: grid;
    gap: var(--sodium-space-4);
  }
`;
