const ID = 'sodium-theme';

let latest: string | null | undefined;

/**
 * Puts a theme's stylesheet in the place of the one before, once it is there: the page never stands without either.
 * False when another swap has overtaken this one, or when the stylesheet could not be loaded and the one before stays.
 */
export async function swapStylesheet(address: string | null): Promise<boolean> {
  latest = address;
  const before = document.getElementById(ID);
  if ((before?.getAttribute('href') ?? null) === address) return true;
  if (address === null) {
    before?.remove();
    return true;
  }
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: address });
  const loaded = await arrival(link, () => document.head.append(link));
  if (!loaded || latest !== address) {
    link.remove();
    return false;
  }
  document.getElementById(ID)?.remove();
  link.id = ID;
  return true;
}

function arrival(link: HTMLLinkElement, begin: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    link.addEventListener('load', () => resolve(true), { once: true });
    link.addEventListener('error', () => resolve(false), { once: true });
    begin();
  });
}
