import { z } from 'zod';

/** The panel's own look, where others are named by their plugin. No plugin can have this id. */
export const BUILT_IN_THEME = 'sodium';

export const themeModeSchema = z.enum(['light', 'dark']);
export const colorModeSchema = z.enum(['system', 'light', 'dark']);
export type ColorMode = z.infer<typeof colorModeSchema>;

const themeIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,48}$/, 'A theme is named by its plugin’s id, or "sodium" for the panel’s own look.');

/** `PUT /api/account/preferences`: what is left out stays as it is. `theme: null` follows the panel's default. */
export const preferencesPatchSchema = z.strictObject({
  theme: themeIdSchema.nullable().optional(),
  mode: colorModeSchema.optional(),
});
export type PreferencesPatch = z.infer<typeof preferencesPatchSchema>;

/** `PATCH /api/admin/system`. */
export const systemPatchSchema = z.strictObject({
  registration: z.boolean().optional(),
  theme: themeIdSchema.optional(),
});

/** A theme that may be chosen now. */
export interface ThemeOption {
  id: string;
  name: string;
  description: string;
  stylesheet: string;
  /** What the theme is made for; it shows itself in these alone. */
  modes: ('light' | 'dark')[];
  /** Ground, surface, accent and text, as CSS colours, for a glimpse of it. */
  swatch: string[];
}

/** `GET /api/account/preferences`. */
export interface Preferences {
  /** As chosen; it may name a theme that is not active at the moment. */
  theme: string | null;
  mode: ColorMode;
  /** What `theme: null` stands for. */
  defaultTheme: string;
  /** What is shown: the id of an active theme, or `sodium`. */
  shown: string;
  themes: ThemeOption[];
}

export const widgetSizeSchema = z.enum(['small', 'medium', 'large']);

/** `PUT /api/account/dashboard`: widgets in the user's order. Those that no plugin offers now keep their place. */
export const dashboardLayoutSchema = z.strictObject({
  items: z
    .array(
      z.strictObject({
        key: z
          .string()
          .min(1)
          .max(200)
          .regex(/^[\x21-\x7e]+$/, 'A widget is named by its key, such as "server-stats/widget/fleet".'),
        size: widgetSizeSchema.optional(),
        hidden: z.boolean().optional(),
      }),
    )
    .max(200)
    .refine((items) => new Set(items.map(({ key }) => key)).size === items.length, 'A widget is named twice.'),
});
export type DashboardLayout = z.infer<typeof dashboardLayoutSchema>;
export type DashboardItem = DashboardLayout['items'][number];
