/** A browser that knows it, as far as browsers say so. What it does is found out all the same. */
export function mayKeepFramesIn(): boolean {
  const { brands = [] } =
    (navigator as { userAgentData?: { brands: { brand: string; version: string }[] } }).userAgentData ?? {};
  return brands.some(({ brand, version }) => brand === 'Chromium' && Number(version) >= FIRST_VERSION);
}

const FIRST_VERSION = 150;
const DEADLINE_MS = 3_000;

let known: Promise<boolean> | null = null;

/**
 * Whether this browser keeps a frame from every connection that its document does not name. Without that, a plugin in
 * a preview could tell strangers what it sees by way of DNS or WebRTC. Found out once, by a frame without any plugin.
 */
export function keepsFramesIn(): Promise<boolean> {
  known ??= check();
  return known;
}

function check(): Promise<boolean> {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.hidden = true;
  frame.title = '';
  frame.src = '/preview/check/';
  return new Promise((resolve) => {
    const end = (kept: boolean): void => {
      clearTimeout(timer);
      window.removeEventListener('message', onMessage);
      frame.remove();
      resolve(kept);
    };
    const onMessage = (event: MessageEvent<{ allowlist?: string } | null>): void => {
      if (event.source === frame.contentWindow) end(event.data?.allowlist === 'closed');
    };
    const timer = setTimeout(() => end(false), DEADLINE_MS);
    window.addEventListener('message', onMessage);
    document.body.append(frame);
  });
}
