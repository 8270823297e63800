/** How the element looks. Every colour and font can be replaced by a custom property of the page. */

const css = `:host{--bg:var(--id-token-claims-background,light-dark(#fff,#16191f));--fg:var(--id-token-claims-text,light-dark(#1b1f27,#eee));--hue:var(--id-token-claims-accent,light-dark(#34c,#abf));--good:var(--id-token-claims-valid,light-dark(#063,#7db));--warn:var(--id-token-claims-warning,light-dark(#840,#fc7));--bad:var(--id-token-claims-danger,light-dark(#b21,#fba));--mute:var(--id-token-claims-muted,color-mix(in srgb,var(--fg) 72%,var(--bg)));--edge:var(--id-token-claims-control,color-mix(in srgb,var(--fg) 50%,var(--bg)));--rule:var(--id-token-claims-border,color-mix(in srgb,var(--fg) 12%,var(--bg)));
display:block;container-type:inline-size;color-scheme:light dark;color:var(--fg);font:15px/1.5 var(--id-token-claims-font,system-ui,sans-serif)}
:host([hidden]),[hidden]{display:none!important}
*{box-sizing:border-box;margin:0;padding:0;font:inherit;color:inherit}
.card{background:var(--bg);border:1px solid var(--rule);border-radius:var(--id-token-claims-radius,14px);padding:24px;overflow-wrap:anywhere}
.header,.toolbar,.who,.value,.actions,.chips,.note,.switch,.yes,.no{display:flex;align-items:center;gap:12px}
.header,.toolbar,.chips{flex-wrap:wrap}
.header,.value{justify-content:space-between}
.avatar,.button{display:inline-grid;grid-auto-flow:column;place-items:center;gap:8px;min-width:30px;height:30px;border-radius:8px}
.avatar{flex:none;width:44px;height:44px;border-radius:50%;color:var(--hue)}
.avatar,.pill,.mark,.button:hover{background:color-mix(in srgb,currentColor 10%,var(--bg))}
.avatar,.name,.pill,.mark,.heading,.label,b,:checked+span{font-weight:600}
.name{font-size:18px}
.caption,.pill,.ago,.before,.note,.chip,.mark,summary,.filter,.button,.switch,.tree{font-size:13px}
.caption,.ago,.before,.note,.pill,.word,.masked,.key,.empty,.heading,summary,.button,.switch span{color:var(--mute)}
.pill,.mark,.chip,.avatar{border:1px solid transparent}
.pill,.mark,.chip{border-radius:24px;padding:2px 12px}
.pill{font-variant-numeric:tabular-nums}
.pill:before{content:"● ";font-size:10px;vertical-align:1px}
.valid,.added,.verified,.yes svg,.done{color:var(--good)}.expiring,.changed{color:var(--warn)}.expired,.removed,b{color:var(--bad)}
.toolbar,.section,.note{margin-top:24px}
.switch,.filter,.all{border:1px solid var(--edge);border-radius:8px}
.switch{gap:0;padding:2px;white-space:nowrap}
.switch label{position:relative;flex:1;text-align:center}
.switch span{position:relative;display:block;padding:4px 12px;border-radius:6px}
input{appearance:none;cursor:pointer}
label input{position:absolute;inset:0;border-radius:6px}
.switch :checked+span{background:var(--hue);color:var(--bg)}
legend,.status{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.filter,.all{height:34px;padding:0 12px;background:none}
.filter{flex:1 1 150px;min-width:0}
.button{border:0;background:none;cursor:pointer}
.all{border:1px solid var(--edge)}
svg{flex:none;width:16px;fill:none;stroke:currentColor;stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}
path+path,.done path{display:none}
.done path+path,[aria-pressed=true] path+path{display:inline}
:focus-visible{outline:2px solid var(--hue);outline-offset:2px}
.heading{display:inline;font-size:12px;letter-spacing:1px;text-transform:uppercase}
.row{display:grid;grid-template-columns:minmax(150px,30%) 1fr;gap:4px 24px;padding:8px 0;border-top:1px solid var(--rule)}
.label>*{display:block;width:fit-content}
.key,.id{font:12px/1.6 var(--id-token-claims-mono,ui-monospace,monospace)}
.value{align-items:start}
.body{padding-top:4px}
.actions{gap:0}
.copy[hidden]{display:inline-grid!important;visibility:hidden}
.masked:before{content:"••••••"/"";margin-inline-end:8px;letter-spacing:2px}
.chips,.yes,.no{gap:6px}
ul{list-style:none}
.chip{border-color:var(--rule)}
a{color:var(--hue)}
summary{width:fit-content;line-height:24px;cursor:pointer}
dl{margin-top:8px}
.tree{padding-inline-start:16px}
.before>*{display:inline}
.before>ul{display:inline-flex}
.tree details{display:inline-block;vertical-align:top}
.note{padding-top:12px;border-top:1px solid var(--rule)}
@container(max-width:520px){.card{padding:16px}.row{grid-template-columns:1fr}.switch{flex:1 1 100%}}
@media(forced-colors:active){.switch :checked+span{background:Highlight;color:HighlightText;forced-color-adjust:none}}`;

let sheet: CSSStyleSheet | undefined;

/** Dresses a shadow root: with a shared sheet, which no policy on styles stops, or else with a style element. */
export const dress = (root: ShadowRoot, { nonce }: HTMLElement): void => {
  try {
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
    }
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement('style');
    style.nonce = nonce ?? '';
    style.append(css);
    root.append(style);
  }
};
