const EDGE_PX = 72;
const SCROLL_PX = 14;

/**
 * Moves one card among its siblings with the pointer. Until it is dropped only `order` and `transform` change, so that
 * nothing on the page is disconnected. `onDrop` gets the cards in their new order; Escape puts everything back.
 */
export function dragCard(card: HTMLElement, grabbed: PointerEvent, onDrop: (cards: HTMLElement[]) => void): () => void {
  const siblings = [...(card.parentElement?.children ?? [])] as HTMLElement[];
  const start = card.getBoundingClientRect();
  const grip = { x: grabbed.clientX - start.left, y: grabbed.clientY - start.top };
  let order = siblings;
  let point = { x: grabbed.clientX, y: grabbed.clientY };
  let over: HTMLElement | null = null;
  let frame = 0;
  const ended = new AbortController();

  const follow = (): void => {
    frame = 0;
    const scroll = point.y < EDGE_PX ? -SCROLL_PX : point.y > innerHeight - EDGE_PX ? SCROLL_PX : 0;
    const before = scrollY;
    if (scroll !== 0) scrollBy({ top: scroll, behavior: 'instant' });
    reorderUnderPointer();
    carry();
    if (scrollY !== before) frame = requestAnimationFrame(follow);
  };

  const reorderUnderPointer = (): void => {
    card.style.transform = '';
    if (holds(card, point)) {
      over = null;
      return;
    }
    const target = siblings.find((other) => other !== card && holds(other, point)) ?? null;
    if (target && target !== over) {
      const at = order.indexOf(target);
      order = order.filter((other) => other !== card);
      order.splice(at, 0, card);
      for (const [index, other] of order.entries()) other.style.order = String(index);
    }
    over = target;
  };

  const carry = (): void => {
    const place = card.getBoundingClientRect();
    card.style.transform = `translate(${point.x - grip.x - place.left}px, ${point.y - grip.y - place.top}px)`;
  };

  const end = (): void => {
    if (ended.signal.aborted) return;
    ended.abort();
    cancelAnimationFrame(frame);
    card.classList.remove('so-widget-dragged');
    card.style.transform = '';
    for (const other of siblings) other.style.order = '';
  };

  const listen = { signal: ended.signal };
  const isMine = (event: PointerEvent): boolean => event.pointerId === grabbed.pointerId;
  window.addEventListener(
    'pointermove',
    (event) => {
      if (!isMine(event)) return;
      point = { x: event.clientX, y: event.clientY };
      frame ||= requestAnimationFrame(follow);
    },
    listen,
  );
  window.addEventListener(
    'pointerup',
    (event) => {
      if (!isMine(event)) return;
      if (frame) follow();
      end();
      onDrop(order);
    },
    listen,
  );
  window.addEventListener('pointercancel', (event) => isMine(event) && end(), listen);
  window.addEventListener('keydown', (event) => event.key === 'Escape' && end(), listen);
  card.classList.add('so-widget-dragged');
  return end;
}

function holds(element: HTMLElement, { x, y }: { x: number; y: number }): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return x >= left && x <= right && y >= top && y <= bottom;
}
