const TAB_MS = 1_000;
/** How long browsers count a click or a key as a wish of the user. */
const ACTIVATION_MS = 5_000;
const MOST_THEFTS = 10;

export interface FocusGuard {
  /** Whether a person has just done something in the frame, and not on the page around it. */
  actedInFrame(): boolean;
  dispose(): void;
}

/**
 * A frame may focus itself whenever it likes, and would then receive what the admin types. The focus goes back unless a
 * person moved it: with the pointer, or with Tab. `onTheft` is called when the frame does not give up.
 */
export function guardFocus(frame: () => HTMLElement | null, onTheft: () => void): FocusGuard {
  // What opened the frame was done on the page, and is still counted as a wish of the user.
  let last: { key: string; at: number } = { key: '', at: performance.now() };
  let holder: HTMLElement | null = null;
  let thefts = 0;

  const onInput = (event: Event): void =>
    void (last = { key: event instanceof KeyboardEvent ? event.key : '', at: performance.now() });
  const onFocus = (event: FocusEvent): void => {
    if (event.target !== frame() && event.target instanceof HTMLElement) holder = event.target;
  };
  const sinceInput = (): number => performance.now() - last.at;
  // Browsers count what is done in a frame as done on the page too; what was done to the page itself is known here.
  const actedInFrame = (): boolean => navigator.userActivation?.isActive === true && sinceInput() > ACTIVATION_MS;
  const wasMoved = (element: HTMLElement): boolean =>
    element.matches(':hover') || (last.key === 'Tab' && sinceInput() < TAB_MS) || actedInFrame();
  // The window loses the focus to the frame inside it.
  const onBlur = (): void => {
    const element = frame();
    if (!element || document.activeElement !== element || wasMoved(element)) return;
    if (holder?.isConnected) holder.focus({ preventScroll: true });
    else element.blur();
    thefts += 1;
    if (thefts === MOST_THEFTS) onTheft();
  };

  window.addEventListener('keydown', onInput, true);
  window.addEventListener('pointerdown', onInput, true);
  window.addEventListener('focusin', onFocus);
  window.addEventListener('blur', onBlur);
  const dispose = (): void => {
    window.removeEventListener('keydown', onInput, true);
    window.removeEventListener('pointerdown', onInput, true);
    window.removeEventListener('focusin', onFocus);
    window.removeEventListener('blur', onBlur);
  };
  return { actedInFrame, dispose };
}
