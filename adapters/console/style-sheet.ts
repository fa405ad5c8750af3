import { createHash } from 'node:crypto';
import { SECURITY_HEADERS } from './request/html-response.js';

const STYLE_SHEET = `
:root {
  color-scheme: light dark;
  --ink: #1c2126; --soft: #525c66; --paper: #ffffff; --panel: #f3f5f7; --line: #b9c2cb; --accent: #0b57a4; --on-accent: #ffffff;
  --good: #e3f2e6; --warn: #fff2cc; --bad: #fde4e1; --bad-ink: #9b1c10; --mark: #fff2cc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6e9ec; --soft: #a7b1ba; --paper: #15191d; --panel: #1f252b; --line: #46515b; --accent: #8ec1f5; --on-accent: #10202f;
    --good: #1d3a25; --warn: #453a12; --bad: #4a201b; --bad-ink: #ffb4a9; --mark: #453a12;
  }
}
* { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, sans-serif; background: var(--paper); color: var(--ink); }
body { margin: 0; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
main:focus { outline: none; }
.skip { position: absolute; left: -100vw; background: var(--paper); padding: .5rem 1rem; z-index: 1; }
.skip:focus { left: 0; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: center; padding: .5rem 1rem; background: var(--panel); border-bottom: 1px solid var(--line); }
header p { margin: 0; }
header ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; margin: 0; padding: 0; }
header a { display: inline-block; padding: .25rem 0; }
.brand { font-weight: 700; }
.who { margin-left: auto; display: flex; flex-wrap: wrap; gap: 0 1rem; color: var(--soft); overflow-wrap: anywhere; }
main { max-width: 75rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 1.75rem 0 .5rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
dl { display: grid; grid-template-columns: minmax(8rem, 16rem) 1fr; gap: .35rem 1rem; margin: 0 0 1rem; }
dt { color: var(--soft); overflow-wrap: anywhere; }
dd { margin: 0; overflow-wrap: anywhere; }
dd ol, td ol { margin: 0; padding-left: 1.25rem; }
.value { white-space: pre-wrap; overflow-wrap: anywhere; }
.none, .hint, .meta { color: var(--soft); }
.hint { display: block; font-size: .9rem; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: 1rem 0; padding: 0; list-style: none; }
.scroll { overflow-x: auto; margin-bottom: 1rem; }
.progress { list-style: none; padding: 0; color: var(--soft); }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; min-width: 6rem; }
thead th { background: var(--panel); }
tr.conflict > * { background: var(--bad); }
tr.theirs > * { background: var(--warn); }
label, legend { font-weight: 600; overflow-wrap: anywhere; }
.plain, .choice label { font-weight: 400; }
fieldset { border: 1px solid var(--line); border-radius: .35rem; margin: 0 0 1rem; padding: .5rem 1rem 1rem; min-width: 0; }
.field { margin: .75rem 0; }
.field > label, .field > legend { display: block; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; margin: .25rem 0; align-items: center; }
.row > input, .row > select, .row > textarea { flex: 1 1 12rem; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 0 1.5rem; }
input:not([type=checkbox], [type=radio], [type=hidden]), select, textarea {
  font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--soft); border-radius: .25rem; padding: .4rem .5rem; width: 100%; max-width: 40rem;
}
textarea { min-height: 6rem; resize: vertical; }
textarea.code { font-family: ui-monospace, monospace; min-height: 20rem; max-width: none; }
[aria-invalid=true] { border-color: var(--bad-ink) !important; border-width: 2px !important; }
.error { display: block; color: var(--bad-ink); }
button, .button {
  font: inherit; font-weight: 600; cursor: pointer; padding: .45rem 1rem; border-radius: .25rem; border: 1px solid var(--accent);
  background: var(--accent); color: var(--on-accent); text-decoration: none; display: inline-block;
}
button.quiet, .button.quiet { background: var(--paper); color: var(--accent); }
button.small { padding: .15rem .6rem; font-weight: 400; }
button.danger { background: var(--bad-ink); border-color: var(--bad-ink); color: var(--paper); }
.notice, .problem, .warning { border-radius: .35rem; padding: .75rem 1rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
.notice { background: var(--good); } .warning { background: var(--warn); } .problem { background: var(--bad); }
.problem > :first-child, .warning > :first-child { margin-top: 0; } .problem > :last-child, .warning > :last-child { margin-bottom: 0; }
.timeline { list-style: none; padding: 0; margin: 0; border-left: 3px solid var(--line); }
.timeline > li { padding: .25rem 0 1rem 1rem; }
.timeline h2, .timeline p { margin: 0; }
section + .columns { margin-top: 2rem; }
.records { padding-left: 1.5rem; } .records > li { padding: .2rem 0; }
summary { cursor: pointer; color: var(--accent); padding: .25rem 0; }
mark { background: var(--mark); color: inherit; }
pre { overflow-x: auto; background: var(--panel); padding: .75rem; }
@media (max-width: 40rem) {
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; }
  main { padding: .75rem; } .who { margin-left: 0; }
}
@media print {
  header, .skip, .actions, nav { display: none; }
  main { max-width: none; padding: 0; }
  :root { --ink: #000; --soft: #000; --paper: #fff; --line: #000; }
}
`;

const TAG = createHash('sha256').update(STYLE_SHEET).digest('base64url').slice(0, 16);

/** Names the content, so that browsers may keep it. */
export const STYLE_PATH = `/style.${TAG}.css`;

export function styleSheet(): Response {
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'text/css; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  };
  return new Response(STYLE_SHEET, { headers });
}
