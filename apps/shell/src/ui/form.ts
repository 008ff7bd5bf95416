import { msg } from '@lit/localize';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { nothing } from 'lit';
import { ApiError, messageOf } from '../api/api-error.js';

type Values = Record<string, string>;

/**
 * The life of a form: busy while it is sent, the panel's refusals beside their fields, all else in one message.
 * `@submit=${form.submit(async (values) => …)}`.
 */
export class FormController implements ReactiveController {
  busy = false;
  /** What went wrong beyond single fields. */
  error: ApiError | Error | null = null;
  #fields: Record<string, string> = {};

  constructor(private readonly host: ReactiveControllerHost & Element) {
    host.addController(this);
  }

  hostConnected(): void {}

  submit(action: (values: Values, form: HTMLFormElement) => Promise<void>): (event: Event) => Promise<void> {
    return async (event) => {
      event.preventDefault();
      if (this.busy) return;
      const form = event.currentTarget as HTMLFormElement;
      this.#become(true, null, {});
      try {
        await action(valuesOf(form), form);
        this.#become(false, null, {});
      } catch (error) {
        this.#refused(error, form);
      }
    };
  }

  /** Shows a fault found before anything was sent. */
  refuse(fields: Record<string, string>): never {
    const details = Object.entries(fields).map(([path, message]) => ({ path, message }));
    throw new ApiError(400, 'INVALID', Object.values(fields)[0] ?? msg('Invalid input.'), undefined, details);
  }

  /** The hint of a field, or what is wrong with it. */
  hint(name: string, hint = ''): string {
    return this.#fields[name] ?? hint;
  }

  /** The class of a field. */
  look(name: string): string | typeof nothing {
    return name in this.#fields ? 'so-invalid' : nothing;
  }

  #refused(error: unknown, form: HTMLFormElement): void {
    const fields = error instanceof ApiError ? error.fields : {};
    const known = Object.fromEntries(
      Object.entries(fields).filter(([name]) => form.querySelector(`[name="${CSS.escape(name)}"]`)),
    );
    const failure = error instanceof Error ? error : new Error(messageOf(error));
    this.#become(false, Object.keys(known).length > 0 ? null : failure, known);
    void this.#show(form, Object.keys(known)[0]);
  }

  /** Leads to the first faulty field, or to the message, which may be out of sight. */
  async #show(form: HTMLFormElement, field: string | undefined): Promise<void> {
    await this.host.updateComplete;
    if (field) form.querySelector<HTMLElement>(`[name="${CSS.escape(field)}"]`)?.focus();
    else form.querySelector('[role=alert]')?.scrollIntoView({ block: 'center' });
  }

  #become(busy: boolean, error: Error | null, fields: Record<string, string>): void {
    this.busy = busy;
    this.error = error;
    this.#fields = fields;
    this.host.requestUpdate();
  }
}

function valuesOf(form: HTMLFormElement): Values {
  const entries = [...new FormData(form)].flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(entries);
}
