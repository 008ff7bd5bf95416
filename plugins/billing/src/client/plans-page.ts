import { css, html, nothing, type TemplateResult } from 'lit';
import { formatMoney } from '../money.js';
import type { Plan, Subscription } from '../shapes.js';
import { BillingElement } from './billing-element.js';
import { day, empty, includes, perCycle } from './parts.js';

interface PageData {
  items: Plan[];
  subscription: Subscription | null;
}

/** The page `/billing/plans`: choose, change and cancel. */
export class PlansPage extends BillingElement<PageData> {
  static override readonly styles = [
    BillingElement.styles,
    css`
      .plan {
        grid-template-rows: auto auto 1fr auto;
      }
      .plan.mine {
        border-color: var(--sodium-color-accent-border);
        box-shadow: 0 0 0 1px var(--sodium-color-accent-border);
      }
      .price small {
        color: var(--sodium-color-text-muted);
        font-size: var(--sodium-text-sm);
        font-weight: var(--sodium-weight-normal);
      }
    `,
  ];

  protected override fetch(): Promise<PageData> {
    return this.sodium.api.get('/plans');
  }

  protected override view({ items, subscription }: PageData): TemplateResult {
    return html`<div class="stack">
      <div class="head">
        <div>
          <h2>Plans</h2>
          <p class="quiet">Monthly plans are paid ahead, the first month in proportion to its rest.</p>
        </div>
        <wa-button appearance="outlined" size="small" href="/billing">Billing</wa-button>
      </div>
      ${subscription ? this.#current(subscription) : nothing}
      ${
        items.length === 0
          ? html`<div class="card">
              ${empty('There are no plans yet', 'An administrator adds them in the admin area.')}
            </div>`
          : html`<div class="cards">${items.map((plan) => this.#plan(plan, subscription))}</div>`
      }
    </div>`;
  }

  #current({ planName, ending, periodEnd, cycle }: Subscription): TemplateResult {
    return html`<div class="notice ${ending ? 'warning' : 'info'} row">
      <span style="flex: 1 1 16rem"
        >${ending ? html`Your plan <strong>${planName}</strong> ends on ${day(periodEnd)}. Choose a plan to stay.` : html`You have the plan <strong>${planName}</strong>.`}</span
      >
      ${ending ? nothing : html`<wa-button appearance="outlined" size="small" ?loading=${this.busy === 'cancel'} @click=${() => this.#cancel(planName, cycle, periodEnd)}>Cancel plan</wa-button>`}
    </div>`;
  }

  #plan(plan: Plan, subscription: Subscription | null): TemplateResult {
    const mine = subscription?.plan === plan.id;
    return html`<section class="card plan ${mine ? 'mine' : ''}" aria-label=${plan.name}>
      <div class="row">
        <h3>${plan.name}</h3>
        ${mine ? html`<span class="badge success">Your plan</span>` : nothing}
      </div>
      <p class="figure price">
        ${plan.price === 0 ? 'Free' : formatMoney(plan.price, plan.currency)}
        <small>${plan.price === 0 ? '' : perCycle[plan.cycle]}</small>
      </p>
      <div>
        <p>${includes(plan)}</p>
        <p class="quiet small">${plan.description}</p>
      </div>
      ${this.#button(plan, subscription, mine)}
    </section>`;
  }

  #button(plan: Plan, subscription: Subscription | null, mine: boolean): TemplateResult {
    if (mine && !subscription!.ending)
      return html`<span class="quiet small">Since ${day(subscription!.startedAt)}</span>`;
    const label = mine ? 'Keep this plan' : subscription ? 'Change to this plan' : 'Choose this plan';
    return html`<wa-button
      variant=${mine || !subscription ? 'brand' : 'neutral'}
      appearance=${mine || !subscription ? 'accent' : 'outlined'}
      ?loading=${this.busy === plan.id}
      @click=${() => this.#choose(plan, subscription, mine)}
      >${label} <span class="unseen">“${plan.name}”</span></wa-button
    >`;
  }

  async #choose(plan: Plan, subscription: Subscription | null, mine: boolean): Promise<void> {
    const price =
      plan.price === 0 ? 'It is free.' : `It costs ${formatMoney(plan.price, plan.currency)} ${perCycle[plan.cycle]}.`;
    const change = subscription && !mine ? ' The unused rest of your present plan is credited.' : '';
    const message = price + change;
    if (
      !mine &&
      !(await this.sodium.confirm({
        title: subscription ? `Change to “${plan.name}”?` : `Choose “${plan.name}”?`,
        message,
        confirmLabel: subscription ? 'Change the plan' : 'Choose this plan',
      }))
    )
      return;
    await this.act(plan.id, async () => {
      await this.sodium.api.post('/subscription', { plan: plan.id });
      return `You have the plan “${plan.name}”.`;
    });
  }

  async #cancel(name: string, cycle: Subscription['cycle'], end: number): Promise<void> {
    const when =
      cycle === 'monthly'
        ? `It stays until ${day(end)}; then your servers cannot be started any more.`
        : 'It ends at once, and your servers cannot be started any more.';
    const sure = await this.sodium.confirm({
      title: `Cancel “${name}”?`,
      message: when,
      confirmLabel: 'Cancel plan',
      danger: true,
    });
    if (!sure) return;
    await this.act('cancel', async () => {
      await this.sodium.api.delete('/subscription');
      return 'Your plan was cancelled.';
    });
  }
}
