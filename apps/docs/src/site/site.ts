import { attachSearch } from './search.js';

/** What the pages of the guide do: search, light and dark, the contents on phones, copying code. */
const byQuery = <T extends HTMLElement>(query: string): T => document.querySelector<T>(query)!;

attachSearch(byQuery('.search'));
attachMode(byQuery('.mode'));
attachMenu(byQuery('.menu'), byQuery('#contents'));
for (const block of document.querySelectorAll<HTMLElement>('figure.code')) addCopyButton(block);
document.querySelector('.contents [aria-current]')?.scrollIntoView({ block: 'nearest' });

function attachMode(button: HTMLElement): void {
  const root = document.documentElement;
  const show = (): void => {
    button.dataset.shows = root.dataset.theme === 'dark' ? 'light' : 'dark';
    button.setAttribute('aria-label', `Change to ${button.dataset.shows} colours`);
  };
  button.addEventListener('click', () => {
    root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem('sodium-theme', root.dataset.theme);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    show();
  });
  show();
}

function attachMenu(button: HTMLElement, contents: HTMLElement): void {
  const open = (isOpen: boolean): void => {
    button.setAttribute('aria-expanded', String(isOpen));
    document.body.classList.toggle('contents-open', isOpen);
    if (isOpen) contents.querySelector<HTMLElement>('[aria-current], a')?.focus();
  };
  button.addEventListener('click', () => open(button.getAttribute('aria-expanded') !== 'true'));
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || button.getAttribute('aria-expanded') !== 'true') return;
    open(false);
    button.focus();
  });
}

function addCopyButton(block: HTMLElement): void {
  if (!('clipboard' in navigator)) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    const copied = await navigator.clipboard.writeText(block.querySelector('code')!.textContent ?? '').then(
      () => true,
      () => false,
    );
    button.textContent = copied ? 'Copied' : 'Not copied';
    button.addEventListener('blur', () => (button.textContent = 'Copy'), { once: true });
  });
  block.append(button);
}
