const KEY = 'sodium-safe';

/** In safe mode no plugin's UI loads in this browser tab: the way in when one makes the panel unusable. */
export function isSafeMode(): boolean {
  try {
    return sessionStorage.getItem(KEY) === '1';
  } catch {
    return false;
  }
}

export function setSafeMode(on: boolean): void {
  try {
    if (on) sessionStorage.setItem(KEY, '1');
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage may be forbidden: then there is no safe mode to keep.
  }
}
