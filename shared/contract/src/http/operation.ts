import type { z } from 'zod';

/** Who may call: anybody, whoever is logged in, or admins. */
export type Audience = 'anyone' | 'user' | 'admin';

/** One route of the panel's HTTP interface, as its description tells it. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for each parameter, as the router has it. */
  readonly path: string;
  readonly audience: Audience;
  /** What it does, in one line. */
  readonly does: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Bodies that are not JSON, by their content type. */
  readonly bodyType?: string;
  /** The answer's JSON; `null` for none. Left out where its shape is nobody's contract. */
  readonly answer?: z.ZodType | null;
  /** Answers that are not JSON. */
  readonly answerType?: string;
  /** The status of success. Default 200, and 204 where `answer` is null. */
  readonly status?: number;
  /** Codes of refusals that a caller should expect, by status. */
  readonly refusals?: Readonly<Record<number, readonly string[]>>;
}

export interface OperationGroup {
  readonly title: string;
  readonly operations: readonly Operation[];
}
