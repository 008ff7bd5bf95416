import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { messageOf } from '../api/api-error.js';
import { isSafeMode, setSafeMode } from '../api/safe-mode.js';
import { ShellElement } from '../shell-element.js';
import type { ThemeChoice } from '../theme/theme-controller.js';
import { themeSelect } from '../theme/theme-select.js';
import { icon } from '../ui/icon.js';
import { navigation, type NavigationItem } from './navigation.js';
import './outlet.js';

const NEXT_THEME: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICONS: Record<ThemeChoice, string> = { system: 'monitor', light: 'sun', dark: 'moon' };
/** A short gap, such as a restart of the panel, is not worth a banner. */
const OFFLINE_GRACE_MS = 1_500;

/** What both documents share: sidebar, top bar, banners and the place of the page. */
export abstract class Frame extends ShellElement {
  @state() private drawerOpen = false;
  @state() private offline = false;
  #offlineTimer = 0;
  #drawerAddress = '';

  protected abstract readonly area: { home: string; label: string; note?: string };
  protected readonly logo: string = '/favicon.svg';
  protected abstract items(): readonly NavigationItem[];
  protected abstract footItems(): readonly NavigationItem[];

  protected override attached(): void {
    const { live, theme, router } = this.shell;
    // The first view may arrive while the menu is open already: only going elsewhere closes it.
    const closeDrawer = (): void => {
      if (location.pathname !== this.#drawerAddress) this.drawerOpen = false;
    };
    router.addEventListener('view', closeDrawer);
    live.addEventListener('state', this.#liveChanged);
    this.own(
      () => router.removeEventListener('view', closeDrawer),
      () => live.removeEventListener('state', this.#liveChanged),
      theme.subscribe(() => this.requestUpdate()),
    );
    this.follow(router, 'view');
  }

  #liveChanged = (): void => {
    clearTimeout(this.#offlineTimer);
    if (this.shell.live.state === 'offline') {
      this.#offlineTimer = window.setTimeout(() => (this.offline = true), OFFLINE_GRACE_MS);
    } else this.offline = false;
  };

  override render(): TemplateResult {
    return html`<a class="so-skip" href="#main" @click=${this.#skip}>${msg('Skip to the content')}</a>
      <div class="so-frame">
        <aside class="so-aside">${this.#brand()}${this.#navigation()}</aside>
        <div class="so-body">
          ${this.#topBar()}${this.#banners()}
          <main class="so-main" id="main" tabindex="-1"><sodium-outlet></sodium-outlet></main>
        </div>
      </div>
      ${this.drawerOpen ? this.#drawer() : nothing}`;
  }

  protected override updated(): void {
    const drawer = this.querySelector<HTMLDialogElement>('dialog.so-drawer');
    if (drawer && !drawer.open) drawer.showModal();
  }

  #openDrawer = (): void => {
    this.#drawerAddress = location.pathname;
    this.drawerOpen = true;
  };

  #skip = (event: Event): void => {
    event.preventDefault();
    this.querySelector<HTMLElement>('main')?.focus();
  };

  #brand(): TemplateResult {
    const { home, note } = this.area;
    return html`<a class="so-brand" href=${home}>
      <img src=${this.logo} alt="" />Sodium${note ? html` <small>${note}</small>` : nothing}
    </a>`;
  }

  #navigation(): TemplateResult {
    const path = this.shell.router.view.status === 'idle' ? location.pathname : this.shell.router.view.context.path;
    const foot = this.footItems();
    return html`${navigation(this.items(), path, this.area.label)}
    ${
      foot.length > 0
        ? html`<div class="so-nav-foot"><div class="so-nav" style="padding: 0">${navigationList(foot)}</div></div>`
        : nothing
    }`;
  }

  #drawer(): TemplateResult {
    const close = (): void => void (this.drawerOpen = false);
    const onClick = (event: Event): void => {
      if (event.target === event.currentTarget) close();
    };
    // eslint-disable-next-line lit-a11y/click-events-have-key-events -- a click beside the drawer closes it; the keyboard has Escape
    return html`<dialog class="so-drawer" aria-label=${msg('Menu')} @close=${close} @click=${onClick}>
      <div class="so-drawer-head">
        ${this.#brand()}
        <button class="so-icon-button" type="button" aria-label=${msg('Close the menu')} @click=${close}>
          ${icon('x')}
        </button>
      </div>
      ${this.#navigation()}
    </dialog>`;
  }

  #topBar(): TemplateResult {
    const { theme, user } = this.shell;
    const names: Record<ThemeChoice, string> = { system: msg('as the system'), light: msg('light'), dark: msg('dark') };
    const cycle = (): void => {
      theme.choose(NEXT_THEME[theme.choice]);
      this.requestUpdate();
    };
    return html`<header class="so-topbar">
      <button
        class="so-icon-button so-menu-button"
        type="button"
        aria-label=${msg('Open the menu')}
        aria-expanded=${this.drawerOpen}
        @click=${this.#openDrawer}
      >
        ${icon('menu')}
      </button>
      ${this.#brand()}
      <span class="so-spacer"></span>
      ${
        theme.onlyMode
          ? nothing
          : html`<button
              class="so-icon-button"
              type="button"
              aria-label="${msg('Colours:')} ${names[theme.choice]}"
              title="${msg('Colours:')} ${names[theme.choice]}"
              @click=${cycle}
            >
              ${icon(THEME_ICONS[theme.choice])}
            </button>`
      }
      <button
        class="so-account-button"
        type="button"
        popovertarget="so-account-menu"
        aria-label="${msg('Account of')} ${user.username}"
      >
        <span class="so-avatar" aria-hidden="true">${user.username.slice(0, 1).toUpperCase()}</span>
        <span class="so-account-name">${user.username}</span>${icon('chevron-down')}
      </button>
      ${this.#accountMenu()}
    </header>`;
  }

  #accountMenu(): TemplateResult {
    const { user } = this.shell;
    const hide = (event: Event): void => {
      if (!(event.target as Element).closest('a, button')) return;
      this.querySelector<HTMLElement>('#so-account-menu')?.hidePopover();
    };
    const opening = (): void => void this.shell.theme.refresh();
    // eslint-disable-next-line lit-a11y/click-events-have-key-events -- the clicks of its links and buttons arrive here, the keyboard's too
    return html`<div id="so-account-menu" class="so-account-menu" popover @click=${hide} @beforetoggle=${opening}>
      <div class="so-account-who">
        <p><b>${user.username}</b></p>
        <p class="so-muted so-small">${user.email}</p>
      </div>
      ${themeSelect(this.shell.theme)}
      <a href="/account">${icon('user')}${msg('Your account')}</a>
      <a href="/docs/" data-native>${icon('circle-help')}${msg('Guide')}</a>
      <button type="button" @click=${this.#logout}>${icon('log-out')}${msg('Log out')}</button>
    </div>`;
  }

  #logout = async (): Promise<void> => {
    const { api, live, toast } = this.shell;
    live.pause();
    try {
      await api.post('/api/auth/logout');
      location.assign('/login');
    } catch (error) {
      live.resume();
      toast(messageOf(error), 'danger');
    }
  };

  #banners(): TemplateResult {
    const leave = (): void => {
      setSafeMode(false);
      location.reload();
    };
    const { theme } = this.shell;
    return html`${
      theme.trial
        ? html`<div class="so-banner" role="status">
            ${icon('palette')}<span
              >${msg(str`You are trying the theme “${theme.trial.name}”. Only this tab shows it.`)}</span
            >
            <button type="button" @click=${() => void theme.tryOn(null)}>${msg('Stop')}</button>
          </div>`
        : nothing
    }
    ${
      this.offline
        ? html`<div class="so-banner" role="status">
            ${icon('cloud-off')}<span
              >${msg('The panel cannot be reached. Trying again; what you see may be out of date.')}</span
            >
          </div>`
        : nothing
    }
    ${
      isSafeMode()
        ? html`<div class="so-banner" role="status">
            ${icon('shield-alert')}<span>${msg('Safe mode: no plugin is shown in this tab.')}</span>
            <button type="button" @click=${leave}>${msg('Leave safe mode')}</button>
          </div>`
        : nothing
    }`;
  }
}

function navigationList(items: readonly NavigationItem[]): TemplateResult {
  return html`<ul>
    ${items.map(
      (item) =>
        html`<li>
          <a href=${item.href} ?data-native=${item.native}>${icon(item.icon ?? 'puzzle')}<span>${item.label}</span></a>
        </li>`,
    )}
  </ul>`;
}
