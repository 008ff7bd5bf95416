/** Calls back once when the element comes near the visible part of the page. Returns the way to stop waiting. */
export function whenVisible(element: Element, callback: () => void): () => void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      callback();
    },
    { rootMargin: '200px' },
  );
  observer.observe(element);
  return () => observer.disconnect();
}

/** A style sheet that does not come must not keep a view hidden for long. */
const STYLES_DEADLINE_MS = 3_000;

/** Resolves when the style sheets below `root` have loaded or failed, so that a view is not seen without them. */
export async function stylesLoaded(root: ParentNode): Promise<void> {
  const pending = [...root.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].filter((link) => !link.sheet);
  if (pending.length === 0) return;
  const settled = pending.map(
    (link) =>
      new Promise<void>((resolve) => {
        link.addEventListener('load', () => resolve(), { once: true });
        link.addEventListener('error', () => resolve(), { once: true });
      }),
  );
  const deadline = new Promise<void>((resolve) => setTimeout(resolve, STYLES_DEADLINE_MS));
  await Promise.race([Promise.all(settled), deadline]);
}
