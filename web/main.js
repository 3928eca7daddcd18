// Start: the words of one language first, then who is signed in, then the page.
import { html, render } from '/vendor/preact.js';
import { App } from './app.js';
import { startLanguage } from './lib/text.js';

await startLanguage();
render(html`<${App} />`, document.getElementById('app'));
