import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import { defineAsyncComponent, h } from 'vue';
import HomeSearch from '../../src/demo/HomeSearch.vue';
import MissingPage from '../../src/MissingPage.vue';
import { keepForOffline } from '../../src/offline.js';
import SiteSearch from '../../src/SiteSearch.vue';
import '@model2vec-ts/site-search/search-box.css';
import './style.css';

const theme: Theme = {
  extends: DefaultTheme,
  Layout: () =>
    h(DefaultTheme.Layout, null, {
      'nav-bar-content-before': () => h(SiteSearch),
      'not-found': () => h(MissingPage),
    }),
  enhanceApp({ app, router }) {
    app.component(
      'EmbeddingDemo',
      defineAsyncComponent(() => import('../../src/demo/EmbeddingDemo.vue')),
    );
    app.component('HomeSearch', HomeSearch);
    if (import.meta.env.SSR || import.meta.env.DEV) return;
    const after = router.onAfterRouteChange;
    router.onAfterRouteChange = async (to) => {
      await after?.(to);
      void keepForOffline();
    };
    if (document.readyState === 'complete') void keepForOffline();
    else window.addEventListener('load', () => void keepForOffline(), { once: true });
  },
};

export default theme;
