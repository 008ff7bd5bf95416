import type { Request } from 'express';
import type { RegistryEntry, Role, Template, ThemeOption, User } from '@sodium/contract';
import type { AdminTabEntry, HookUser, SidebarEntry } from '@sodium/sdk';
import { notFound } from '../http-error.js';
import { DEMO_TEMPLATES, PreviewedPanel, type PreviewedPanelParts } from '../panel/previewed-panel.js';
import type { OpenFrame } from '../plugins/preview/frame-tokens.js';
import type { PreviewThemes } from '../plugins/preview/preview-themes.js';
import { withoutAdminParts } from '../plugins/registry-of-users.js';
import { firstAnswers, framePanelRouter, type FramePanelParts } from './frame-panel.js';
import { bodyOf } from './http/body.js';
import type { AnsweringPlugin, RequestOrigin } from './plugin-api.js';
import { clientErrorSchema } from './client-errors.js';

/** A plugin that is being tried, as its frame needs it. */
export interface FramedPreview extends AnsweringPlugin {
  readonly hash: string;
  readonly entry: RegistryEntry;
  readonly viewer: { readonly role: Role };
  /** Made-up servers alone. */
  readonly madeUp: boolean;
  /** Its own documents name servers and users by their real ids. */
  readonly knowsIds: boolean;
  /** A file of the tried content, if it is one for browsers and still is what its hash says. */
  readFile(path: string): Promise<Uint8Array | null>;
  /** What its backend makes of the panel's lists, as one that is active would. */
  readonly filtersSidebar: boolean;
  filterSidebar(user: HookUser, items: SidebarEntry[]): Promise<SidebarEntry[]>;
  filterAdminTabs(user: HookUser, items: AdminTabEntry[]): Promise<AdminTabEntry[]>;
  /** Notes what failed in the frame. */
  noteClientError(report: { message: string; stack?: string; where?: string }): void;
}

export interface FramePreviewParts extends Pick<PreviewedPanelParts, 'servers' | 'accounts'> {
  names: PreviewedPanelParts['names'] & {
    ip(address: string): string;
    readonly withRealIds: PreviewedPanelParts['names'];
  };
  previewOf(frame: OpenFrame): FramedPreview | null;
  themes: PreviewThemes;
  templates(): Template[];
}

/** Everything of a frame that shows a preview and not an active plugin's tab. */
export class FramePreview {
  readonly panel: FramePanelParts;

  constructor(
    private readonly parts: FramePreviewParts,
    private readonly frameOf: (req: Request) => OpenFrame,
  ) {
    this.panel = {
      panelOf: (req) => this.#panelOf(req),
      registryOf: (req) => {
        const { entry, filtersSidebar, viewer } = this.of(req);
        const [seen] = viewer.role === 'admin' ? [entry] : withoutAdminParts([entry]);
        return { items: [below(prefixOf(frameOf(req)), seen!)], filters: { sidebar: filtersSidebar } };
      },
      sidebarOf: (req, items) => this.of(req).filterSidebar(hookUser(this.viewerOf(req)), items),
      adminTabsOf: (req, items) => this.of(req).filterAdminTabs(hookUser(this.viewerOf(req)), items),
      themesOf: (req) => this.#themesOf(req),
      templatesOf: (req) => (this.of(req).madeUp ? DEMO_TEMPLATES : parts.templates()),
      report: (req) => this.#report(req),
    };
  }

  router = (): ReturnType<typeof framePanelRouter> => framePanelRouter(this.panel);

  /** The preview that a request's frame shows, or 404. */
  of(req: Request): FramedPreview {
    const frame = this.frameOf(req);
    const preview = frame.kind === 'preview' ? this.parts.previewOf(frame) : null;
    if (!preview) throw notFound('preview', frame.plugin);
    return preview;
  }

  /** Where the admin sits is nothing that a stranger's plugin learns, from a proxy's headers neither. */
  veil({ ip, headers }: RequestOrigin): RequestOrigin {
    const kept = Object.entries(headers).filter(([name]) => !TELLS_ADDRESSES.test(name));
    return { ip: this.parts.names.ip(ip), headers: Object.fromEntries(kept) };
  }

  viewerOf(req: Request): User {
    return this.#panelOf(req).viewer;
  }

  /** What the panel writes into the frame's document. */
  start(req: Request): Record<string, unknown> {
    const frame = this.frameOf(req);
    const prefix = prefixOf(frame);
    const user = this.viewerOf(req);
    const answers = firstAnswers(this.panel, req);
    return { kind: 'preview', prefix, user, plugin: below(prefix, this.of(req).entry), answers };
  }

  #panelOf(req: Request): PreviewedPanel {
    const frame = this.frameOf(req);
    const { viewer, madeUp, knowsIds } = this.of(req);
    const { servers, accounts } = this.parts;
    const names = knowsIds ? this.parts.names.withRealIds : this.parts.names;
    return new PreviewedPanel({ servers, accounts, names, admin: frame.viewer, role: viewer.role, madeUp });
  }

  #themesOf(req: Request): ThemeOption[] {
    const prefix = prefixOf(this.frameOf(req));
    const { entry } = this.of(req);
    const others = this.parts.themes.list().filter(({ id }) => id !== entry.id);
    const { theme, id, name } = entry;
    const own = theme ? [{ id, name, description: '', swatch: [], ...theme }] : [];
    return [...own, ...others].map((each) => ({ ...each, stylesheet: prefix + each.stylesheet }));
  }

  #report(req: Request): void {
    const { message, stack, where } = bodyOf(req, clientErrorSchema);
    this.of(req).noteClientError({ message, ...(stack ? { stack } : {}), ...(where ? { where } : {}) });
  }
}

const TELLS_ADDRESSES = /^(forwarded|via|x-forwarded-.*|.*client-?ip|x-real-ip|.*connecting-ip|cf-.*|origin|referer)$/i;

const hookUser = ({ id, username, role }: User): HookUser => ({ id, username, role });

export const prefixOf = (frame: OpenFrame): string => `/preview/${frame.token}`;

/** The plugin's line of the registry, with addresses that the frame may use. */
export function below(prefix: string, entry: RegistryEntry): RegistryEntry {
  return {
    ...entry,
    base: prefix + entry.base,
    client: entry.client && prefix + entry.client,
    styles: entry.styles.map((style) => prefix + style),
    theme: null,
  };
}
