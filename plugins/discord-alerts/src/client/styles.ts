import { css } from 'lit';

export const styles = css`
  .figures {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 8rem), 1fr));
    gap: var(--sodium-space-4);
  }
  .notice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--sodium-space-3);
  }
  .notice p {
    flex: 1 1 14rem;
  }
`;
