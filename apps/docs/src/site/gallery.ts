/** The kit's elements on the pages that show them, with icons from this panel alone. */
import '@awesome.me/webawesome/dist/components/badge/badge.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/card/card.js';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/details/details.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import '@awesome.me/webawesome/dist/components/icon/icon.js';
import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js';
import '@awesome.me/webawesome/dist/components/radio-group/radio-group.js';
import '@awesome.me/webawesome/dist/components/radio/radio.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/skeleton/skeleton.js';
import '@awesome.me/webawesome/dist/components/slider/slider.js';
import '@awesome.me/webawesome/dist/components/spinner/spinner.js';
import '@awesome.me/webawesome/dist/components/switch/switch.js';
import '@awesome.me/webawesome/dist/components/tab-group/tab-group.js';
import '@awesome.me/webawesome/dist/components/tab-panel/tab-panel.js';
import '@awesome.me/webawesome/dist/components/tab/tab.js';
import '@awesome.me/webawesome/dist/components/tag/tag.js';
import '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import '@awesome.me/webawesome/dist/components/tooltip/tooltip.js';
import { baseStyles, viewStyles } from '@sodium/sdk/element';

const options = {
  resolver: (name: string) => `/icons/${SYSTEM[name] ?? name}.svg#icon`,
  mutator: (svg: SVGElement) => svg.setAttribute('viewBox', '0 0 24 24'),
  spriteSheet: true,
};
/** The kit's own names for the icons inside its elements. */
const SYSTEM: Record<string, string> = { xmark: 'x', 'circle-xmark': 'circle-x', 'eye-slash': 'eye-off' };

registerIconLibrary('default', options);
registerIconLibrary('system', options);

for (const button of document.querySelectorAll<HTMLElement>('[data-opens]'))
  button.addEventListener('click', () => {
    (document.getElementById(button.dataset.opens!) as HTMLElement & { open: boolean }).open = true;
  });

/** Shows what is in it as an element of a plugin would, with the styles that it gets from the SDK. */
class SampleView extends HTMLElement {
  connectedCallback(): void {
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [baseStyles, viewStyles].flatMap(({ styleSheet }) => styleSheet ?? []);
    root.append(...this.childNodes);
  }
}
customElements.define('sample-view', SampleView);
