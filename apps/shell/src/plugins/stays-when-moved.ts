/**
 * Lets elements of this class, and of those made from it, keep what they hold when the shell moves the place they stand
 * in. Browsers that can move an element without taking it off the page still tell it that it left and came, unless it
 * says that it knows of moves.
 */
export function staysWhenMoved(element: CustomElementConstructor): void {
  const prototype = element.prototype as HTMLElement & { connectedMoveCallback?(): void };
  if ('connectedMoveCallback' in prototype) return;
  Object.defineProperty(prototype, 'connectedMoveCallback', { value() {}, writable: true, configurable: true });
}
