import type { IncomingMessage } from 'node:http';

const PANEL_COOKIE = 'sodium_session';
/** Browsers keep cookies by host and not by port: under the panel's name it would log the author out of their own panel. */
export const DEV_COOKIE = 'sodium_dev_session';

/** A request's session of this panel, under the name that the panel knows; that of any other panel stays outside. */
export function takeOwnCookie({ headers }: IncomingMessage): void {
  const cookies = (headers.cookie ?? '').split(/;\s*/).filter((cookie) => !cookie.startsWith(`${PANEL_COOKIE}=`));
  headers.cookie = cookies
    .map((cookie) => (cookie.startsWith(`${DEV_COOKIE}=`) ? cookie.replace(DEV_COOKIE, PANEL_COOKIE) : cookie))
    .join('; ');
}

/** The session that the panel gives or takes back, under the name that this browser keeps it by. */
export function giveOwnCookie({ headers }: IncomingMessage): void {
  headers['set-cookie'] = headers['set-cookie']?.map((cookie) =>
    cookie.startsWith(`${PANEL_COOKIE}=`) ? cookie.replace(PANEL_COOKIE, DEV_COOKIE) : cookie,
  );
}
