declare const OVERLAY_CODE: string;

/** The overlay's script, compiled into the command when that is bundled. */
export const OVERLAY_SOURCE = OVERLAY_CODE;
