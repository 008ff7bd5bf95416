/** A heading that a page can be entered at. */
export interface Heading {
  readonly id: string;
  readonly level: number;
  readonly text: string;
}

/** A page as it is written: its address below `/docs/`, and its Markdown. */
export interface PageSource {
  /** `concepts/sandbox`; empty for the first page. */
  readonly slug: string;
  readonly markdown: string;
}

export interface Page extends PageSource {
  readonly title: string;
  readonly html: string;
  readonly headings: readonly Heading[];
  /** Where links of this page lead inside the guide: `concepts/preview#report`. */
  readonly links: readonly string[];
  /** It shows elements of the kit. */
  readonly isLive: boolean;
}

export interface Section {
  readonly title: string;
  readonly slugs: readonly string[];
}
