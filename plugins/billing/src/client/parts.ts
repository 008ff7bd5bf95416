import { html, nothing, type TemplateResult } from 'lit';
import { formatMoney } from '../money.js';
import type { Cycle, Entry, InvoiceRow, Notice, Plan } from '../shapes.js';

export const money = (minor: number, currency: string): TemplateResult =>
  html`<span class="money ${minor < 0 ? 'negative' : ''}">${formatMoney(minor, currency)}</span>`;

/** With its sign: what came in and what went out. */
export const movement = ({ amount, currency }: Pick<Entry, 'amount' | 'currency'>): TemplateResult =>
  html`<span class="money">${amount > 0 ? '+' : ''}${formatMoney(amount, currency)}</span>`;

/** Periods and days are counted in UTC, so they are shown in it. */
export const day = (at: number): string =>
  new Date(at).toLocaleDateString([], { dateStyle: 'medium', timeZone: 'UTC' });

export const moment = (at: number): string =>
  new Date(at).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });

export const perCycle: Record<Cycle, string> = { monthly: 'a month', hourly: 'per server and hour' };

const memory = (mb: number): string => (mb % 1024 === 0 ? `${mb / 1024} GiB` : `${mb} MiB`);

export function includes({ maxServers, memoryMb }: Pick<Plan, 'maxServers' | 'memoryMb'>): string {
  const servers = maxServers === 0 ? 'Any number of servers' : maxServers === 1 ? '1 server' : `${maxServers} servers`;
  return memoryMb === 0 ? servers : `${servers}, up to ${memory(memoryMb)} of memory each`;
}

export const noticeList = (notices: readonly Notice[]): TemplateResult =>
  html`${notices.map(
    ({ tone, text, link }) =>
      html`<p class="notice ${tone}" role=${tone === 'info' ? nothing : 'alert'}>
        ${text} ${link ? html`<a href=${link.href}>${link.label}</a>` : nothing}
      </p>`,
  )}`;

export function invoiceBadge({ status, due, dueAt }: Pick<InvoiceRow, 'status' | 'due' | 'dueAt'>): TemplateResult {
  if (status === 'paid') return html`<span class="badge success">Paid</span>`;
  if (status === 'void') return html`<span class="badge neutral">Void</span>`;
  if (due > 0 && dueAt < Date.now()) return html`<span class="badge danger">Overdue</span>`;
  return html`<span class="badge warning">Open</span>`;
}

export const empty = (title: string, text: string | TemplateResult): TemplateResult =>
  html`<div class="empty"><strong>${title}</strong><span>${text}</span></div>`;
