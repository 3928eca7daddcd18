// Start: the words of one language first, then who is signed in, then the page.
import { html, render } from '/vendor/preact.js';
import { App } from './app.js';
import { startLanguage } from './lib/text.js';

await startLanguage();
render(html`<${App} />`, document.getElementById('app'));

// Without a service worker the page works too, as long as the line does.
navigator.serviceWorker?.register('/sw.js', { updateViaCache: 'none' }).catch((error) => console.warn(error));
