import type { SiteHit } from '../query/site-search.js';
import { openSiteSearch, type SiteSearch } from '../query/site-search.js';
import { SiteSearchError } from '../site-search-error.js';

/** Options of {@link attachSearchBox}. */
export interface SearchBoxOptions {
  /** Address of the index's folder, relative to the page. */
  readonly index: string | URL;
  /**
   * Hits that are shown, at most.
   *
   * @defaultValue 8
   */
  readonly limit?: number;
  /** Replaces texts of the box, for sites in another language. */
  readonly labels?: Partial<SearchBoxLabels>;
}

/** Texts of a search box. */
export interface SearchBoxLabels {
  /** Name of the button and of the dialog. @defaultValue `'Search'` */
  readonly search: string;
  /** Shown in the empty input. @defaultValue `'Ask or type a word'` */
  readonly placeholder: string;
  /** @defaultValue `'Searching…'` */
  readonly searching: string;
  /** @defaultValue `'No results'` */
  readonly none: string;
  /** Announces the number of hits. @defaultValue `'N results'`, with the number */
  readonly count: (hits: number) => string;
  /** Shown if the index cannot be loaded. @defaultValue `'The search could not be loaded'` */
  readonly failed: string;
}

/** A search box in a page. */
export interface SearchBox {
  /** Opens the dialog. */
  open(): void;
  /** Removes the box and its listeners from the page. */
  remove(): void;
}

const LABELS: SearchBoxLabels = {
  search: 'Search',
  placeholder: 'Ask or type a word',
  searching: 'Searching…',
  none: 'No results',
  count: (hits) => (hits === 1 ? '1 result' : `${hits} results`),
  failed: 'The search could not be loaded',
};

/** Milliseconds after a key press until the search runs. */
const PAUSE = 120;

let boxes = 0;

/**
 * Puts a search button into `host`. It opens a dialog with a combobox whose list shows the hits; `/` and Ctrl or Command
 * with K open it too. Nothing is loaded before the dialog is opened. A `button.site-search-button` that `host` already has
 * is used instead, so that a page can show it before its scripts run. The style is in
 * `@model2vec-ts/site-search/search-box.css`.
 *
 * @example
 * ```ts
 * import { attachSearchBox } from '@model2vec-ts/site-search/search-box';
 *
 * attachSearchBox(document.querySelector('header')!, { index: '/site-search/' });
 * ```
 */
export function attachSearchBox(host: HTMLElement, options: SearchBoxOptions): SearchBox {
  return new AttachedSearchBox(host, options);
}

class AttachedSearchBox implements SearchBox {
  readonly #options: SearchBoxOptions;
  readonly #labels: SearchBoxLabels;
  readonly #id = `site-search-${++boxes}`;
  readonly #button: HTMLButtonElement;
  /** Whether this box made the button. */
  readonly #isOwnButton: boolean;
  readonly #dialog: HTMLDialogElement;
  readonly #input: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #status: HTMLElement;
  #search: Promise<SiteSearch> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Number of the last search, because an earlier one may answer later. */
  #round = 0;
  /** Words of the shown hits. */
  #shown = '';
  /** Whether Enter was pressed before the hits of the words arrived. */
  #opensFirst = false;
  #active = -1;

  constructor(host: HTMLElement, options: SearchBoxOptions) {
    this.#options = options;
    this.#labels = { ...LABELS, ...options.labels };
    const { search, placeholder } = this.#labels;
    const found = host.querySelector<HTMLButtonElement>('button.site-search-button');
    this.#isOwnButton = found === null;
    this.#button = found ?? searchButton(search);
    this.#dialog = element('dialog', 'site-search-dialog', { 'aria-label': search });
    this.#input = element('input', 'site-search-input', {
      type: 'text',
      role: 'combobox',
      'aria-label': search,
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': `${this.#id}-list`,
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: 'false',
      enterkeyhint: 'go',
      placeholder,
    });
    this.#list = element('div', 'site-search-list', {
      id: `${this.#id}-list`,
      role: 'listbox',
      'aria-label': search,
    });
    this.#list.hidden = true;
    this.#status = element('p', 'site-search-status', { role: 'status' });
    this.#dialog.append(this.#input, this.#status, this.#list);
    if (this.#isOwnButton) host.append(this.#button);
    host.append(this.#dialog);

    this.#button.addEventListener('click', this.#openByButton);
    this.#input.addEventListener('input', () => this.#type());
    this.#input.addEventListener('keydown', (event) => this.#press(event));
    this.#list.addEventListener('click', () => this.#dialog.close());
    // A click on the backdrop has the dialog itself as its target.
    this.#dialog.addEventListener('click', ({ target }) => target === this.#dialog && this.#dialog.close());
    document.addEventListener('keydown', this.#openByKey);
  }

  open(): void {
    if (this.#dialog.open) return;
    this.#dialog.showModal();
    this.#input.select();
    this.#load().catch(() => {});
  }

  remove(): void {
    clearTimeout(this.#timer);
    document.removeEventListener('keydown', this.#openByKey);
    if (this.#isOwnButton) this.#button.remove();
    else this.#button.removeEventListener('click', this.#openByButton);
    this.#dialog.remove();
  }

  readonly #openByButton = (): void => this.open();

  readonly #openByKey = (event: KeyboardEvent): void => {
    const isCommand = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k';
    const isSlash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!(isCommand || (isSlash && !isEditable(event.target)))) return;
    event.preventDefault();
    this.open();
  };

  /** Opens the index once; after a failure the next call tries again. */
  #load(): Promise<SiteSearch> {
    this.#search ??= openSiteSearch(new URL(this.#options.index, document.baseURI)).catch((error) => {
      this.#search = undefined;
      throw error;
    });
    return this.#search;
  }

  #type(): void {
    this.#opensFirst = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), PAUSE);
  }

  async #run(): Promise<void> {
    const round = ++this.#round;
    const query = this.#input.value;
    if (query.trim() === '') return this.#show('', [], '');
    this.#status.textContent = this.#labels.searching;
    try {
      const search = await this.#load();
      const hits = await search.search(query, {
        limit: this.#options.limit ?? 8,
        unfinished: !/\s$/.test(query),
      });
      if (round !== this.#round) return;
      this.#show(query, hits, hits.length === 0 ? this.#labels.none : this.#labels.count(hits.length));
    } catch (error) {
      if (round !== this.#round) return;
      const reason = SiteSearchError.isInstance(error) ? `: ${error.message}` : '';
      this.#show(query, [], `${this.#labels.failed}${reason}`);
    }
  }

  #show(query: string, hits: readonly SiteHit[], status: string): void {
    this.#shown = query;
    this.#list.replaceChildren(...hits.map((hit, i) => this.#option(hit, i)));
    this.#list.hidden = hits.length === 0;
    this.#list.scrollTop = 0;
    this.#input.ariaExpanded = String(hits.length > 0);
    this.#status.textContent = status;
    this.#activate(hits.length > 0 ? 0 : -1);
    if (this.#opensFirst) this.#openActive();
    this.#opensFirst = false;
  }

  #openActive(): void {
    (this.#list.children[this.#active] as HTMLElement | undefined)?.click();
  }

  /** Opens the active hit; if the words have changed since, the first hit of the new ones as soon as it arrives. */
  #enter(): void {
    if (this.#input.value === this.#shown) {
      this.#openActive();
      return;
    }
    clearTimeout(this.#timer);
    this.#opensFirst = true;
    void this.#run();
  }

  #option({ url, title, headings, excerpt }: SiteHit, i: number): HTMLElement {
    const option = element('a', 'site-search-hit', {
      id: `${this.#id}-hit-${i}`,
      role: 'option',
      href: url,
      tabindex: '-1',
    });
    option.append(
      element('span', 'site-search-title', {}, [title, ...headings].join(' › ')),
      element('span', 'site-search-excerpt', {}, excerpt),
    );
    option.addEventListener('pointermove', () => this.#activate(i));
    return option;
  }

  #press(event: KeyboardEvent): void {
    const { length } = this.#list.children;
    if (event.isComposing) return;
    if (event.key === 'Enter') this.#enter();
    else if (length === 0) return;
    else if (event.key === 'ArrowDown') this.#activate((this.#active + 1) % length);
    else if (event.key === 'ArrowUp') this.#activate((this.#active + length - 1) % length);
    else return;
    event.preventDefault();
  }

  #activate(active: number): void {
    this.#active = active;
    [...this.#list.children].forEach((option, i) => {
      option.ariaSelected = String(i === active);
    });
    const option = this.#list.children[active];
    if (option === undefined) this.#input.removeAttribute('aria-activedescendant');
    else this.#input.setAttribute('aria-activedescendant', option.id);
    option?.scrollIntoView({ block: 'nearest' });
  }
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  attributes: Readonly<Record<string, string>>,
  text?: string,
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.className = className;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function searchButton(search: string): HTMLButtonElement {
  const button = element('button', 'site-search-button', { type: 'button', 'aria-haspopup': 'dialog' });
  button.append(
    element('span', 'site-search-button-text', {}, search),
    element('kbd', 'site-search-key', { 'aria-hidden': 'true' }, '/'),
  );
  button.ariaLabel = search;
  button.ariaKeyShortcuts = '/ Control+K Meta+K';
  return button;
}

function isEditable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
