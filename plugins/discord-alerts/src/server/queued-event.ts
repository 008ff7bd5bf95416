import type { Document } from '@sodium/sdk';
import type { Kind } from '../shapes.js';

/** Something to tell, from the moment it happened until Discord has taken it. */
export interface QueuedEvent extends Document {
  kind: Kind;
  at: number;
  /** What the event is about: those of one subject are coalesced. */
  subject: string;
  /** As it came, not escaped. */
  values: Record<string, string>;
  state: 'waiting' | 'sending' | 'dead';
  dueAt: number;
  attempts: number;
  /** It came in a storm and may be told together with others. */
  folded: boolean;
  /** Whether Discord took it is not known: the plugin ended while it was sent. */
  doubtful: boolean;
  /** A message with it was refused: it is sent by itself, so that it does not take others with it. */
  alone: boolean;
  /** Danger, warning or info; of alerts only. */
  level?: string;
  error?: string;
}

export type NewEvent = Pick<QueuedEvent, 'kind' | 'at' | 'subject' | 'values'> & { id?: string; level?: string };
