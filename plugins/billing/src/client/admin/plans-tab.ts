import { css, html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { formatMoney, parseMoney, toInput } from '../../money.js';
import type { Cycle, Plan } from '../../shapes.js';
import { BillingElement } from '../billing-element.js';
import { empty, includes, perCycle } from '../parts.js';

type PlanRow = Plan & { subscribers: number };
interface PlansData {
  items: PlanRow[];
  currency: string;
  cycle: Cycle;
}

/** Admin area: the plans that users can choose. */
export class PlansTab extends BillingElement<PlansData> {
  static override readonly styles = [
    BillingElement.styles,
    css`
      .archived .what {
        color: var(--sodium-color-text-muted);
      }
    `,
  ];

  /** The plan in the form; `new` for one that does not exist yet. */
  @state() private editing: PlanRow | 'new' | null = null;

  protected override fetch(): Promise<PlansData> {
    return this.sodium.api.get('/admin/plans');
  }

  protected override view(data: PlansData): TemplateResult {
    const { items } = data;
    return html`<div class="stack">
      <div class="head">
        <div>
          <h2>Plans</h2>
          <p class="quiet">Users need one of these to create and start servers.</p>
        </div>
        <wa-button variant="brand" size="small" @click=${() => (this.editing = 'new')}>New plan</wa-button>
      </div>
      ${this.editing ? this.#form(data, this.editing) : nothing}
      <section class="card" aria-label="All plans">
        ${
          items.length === 0
            ? empty('There are no plans yet', 'Until there is one, nobody can create or start a server.')
            : html`<ul class="list">
                ${items.map((plan) => this.#row(plan))}
              </ul>`
        }
      </section>
    </div>`;
  }

  #row(plan: PlanRow): TemplateResult {
    const { name, price, currency, cycle, subscribers, archived } = plan;
    return html`<li class=${archived ? 'archived' : ''}>
      <div class="what">
        <strong>${name}</strong> ${archived ? html`<span class="badge neutral">Archived</span>` : nothing}
        <p class="small">${formatMoney(price, currency)} ${perCycle[cycle]}</p>
        <p class="quiet small">
          ${includes(plan)}. ${subscribers === 1 ? '1 user has it.' : `${subscribers} users have it.`}
        </p>
      </div>
      <div class="row">
        <wa-button appearance="outlined" size="small" @click=${() => (this.editing = plan)}
          >Edit <span class="unseen">${name}</span></wa-button
        >
        <wa-button
          appearance="outlined"
          size="small"
          ?loading=${this.busy === plan.id}
          @click=${() => this.#archive(plan)}
          >${archived ? 'Offer again' : 'Archive'} <span class="unseen">${name}</span></wa-button
        >
      </div>
    </li>`;
  }

  #form({ currency: newCurrency, cycle: newCycle }: PlansData, editing: PlanRow | 'new'): TemplateResult {
    const plan = editing === 'new' ? null : editing;
    const currency = plan?.currency ?? newCurrency;
    return html`<form
      class="card"
      aria-labelledby="form"
      @submit=${(event: SubmitEvent) => this.#save(event, plan, currency)}
    >
      <h3 id="form">${plan ? `Edit “${plan.name}”` : 'New plan'}</h3>
      ${plan && plan.subscribers > 0 ? html`<p class="quiet small">Who has this plan keeps its present price and limits.</p>` : nothing}
      <div class="fields">
        <label class="field"
          ><span>Name</span><input name="name" required maxlength="60" .value=${plan?.name ?? ''}
        /></label>
        <label class="field"
          ><span>Price in ${currency}</span
          ><input name="price" required inputmode="decimal" .value=${plan ? toInput(plan.price, currency) : ''}
        /></label>
        <label class="field"
          ><span>Cycle</span>
          <select name="cycle" ?disabled=${plan !== null} .value=${plan?.cycle ?? newCycle}>
            <option value="monthly" ?selected=${(plan?.cycle ?? newCycle) === 'monthly'}>By the month</option>
            <option value="hourly" ?selected=${(plan?.cycle ?? newCycle) === 'hourly'}>By the hour and server</option>
          </select></label
        >
        <label class="field"
          ><span>Servers (0: any number)</span
          ><input name="maxServers" type="number" min="0" max="10000" .value=${String(plan?.maxServers ?? 0)}
        /></label>
        <label class="field"
          ><span>Memory of each in MiB (0: no limit)</span
          ><input name="memoryMb" type="number" min="0" max="1048576" .value=${String(plan?.memoryMb ?? 0)}
        /></label>
        <label class="field"
          ><span>Description</span><input name="description" maxlength="300" .value=${plan?.description ?? ''}
        /></label>
      </div>
      <div class="row">
        <wa-button type="submit" variant="brand" ?loading=${this.busy === 'save'}
          >${plan ? 'Save' : 'Add the plan'}</wa-button
        >
        <wa-button appearance="outlined" @click=${() => (this.editing = null)}>Cancel</wa-button>
      </div>
    </form>`;
  }

  async #save(event: SubmitEvent, plan: PlanRow | null, currency: string): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const price = parseMoney(String(form.get('price')), currency);
    if (price === null) return this.fail(new Error(`“${String(form.get('price'))}” is no price in ${currency}.`));
    const body = {
      name: String(form.get('name')),
      description: String(form.get('description')),
      price,
      maxServers: Number(form.get('maxServers')),
      memoryMb: Number(form.get('memoryMb')),
    };
    const saved = await this.act('save', async () => {
      if (plan) await this.sodium.api.patch(`/admin/plans/${plan.id}`, body);
      else await this.sodium.api.post('/admin/plans', { ...body, cycle: form.get('cycle') });
      return plan ? 'The plan was saved.' : `The plan “${body.name}” was added.`;
    });
    if (saved) this.editing = null;
  }

  async #archive({ id, name, archived, subscribers }: PlanRow): Promise<void> {
    const keeps = subscribers > 0 ? ' Who has it keeps it.' : '';
    const message = `Nobody can choose it any more.${keeps} You can offer it again.`;
    if (!archived && !(await this.sodium.confirm({ title: `Archive “${name}”?`, message, confirmLabel: 'Archive' })))
      return;
    await this.act(id, async () => {
      await this.sodium.api.patch(`/admin/plans/${id}`, { archived: !archived });
    });
  }
}
