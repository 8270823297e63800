/** How the element looks. Every colour and font can be replaced by a custom property of the page. */

const css = `:host{--bg:var(--id-token-claims-background,light-dark(#fff,#15181e));--fg:var(--id-token-claims-text,light-dark(#1b1f27,#e7e9ee));--mute:var(--id-token-claims-muted,light-dark(#5a6372,#a2aab8));--rule:var(--id-token-claims-border,light-dark(#e4e7ec,#2b313b));--edge:var(--id-token-claims-control,light-dark(#858d9b,#6f7889));--hue:var(--id-token-claims-accent,light-dark(#3451c6,#a3b5ff));--good:var(--id-token-claims-valid,light-dark(#0a6638,#7fdca5));--warn:var(--id-token-claims-warning,light-dark(#854a00,#f2c274));--bad:var(--id-token-claims-danger,light-dark(#ab2318,#ffb3a9));
display:block;container-type:inline-size;color-scheme:light dark;color:var(--fg);font:15px/1.5 var(--id-token-claims-font,system-ui,sans-serif)}
:host([hidden]),[hidden]{display:none!important}
*{box-sizing:border-box;margin:0;padding:0}
.card{background:var(--bg);border:1px solid var(--rule);border-radius:var(--id-token-claims-radius,14px);padding:24px;overflow-wrap:anywhere}
.header,.toolbar,.who,.value,.actions,.chips,.note,.switch{display:flex;align-items:center;gap:12px}
.header,.toolbar,.chips{flex-wrap:wrap}
.header,.value{justify-content:space-between}
.avatar{flex:none;display:grid;place-items:center;width:44px;height:44px;border-radius:50%;color:var(--hue);font-weight:600}
.avatar,.pill,.mark{border:1px solid transparent;background:color-mix(in srgb,currentColor 11%,transparent)}
.name{font-size:18px;line-height:1.3}
.caption,.key,.pill,.mark,.ago,.before,.note,summary,.filter,.button,.switch,.chip{font-size:13px}
.caption,.key,.word,.masked,.ago,.before,.note,summary,.heading,.button,.switch,.empty,.pill{color:var(--mute)}
.pill,.mark,.chip{border-radius:99px;padding:2px 11px}
.pill,.mark{font-weight:600;font-variant-numeric:tabular-nums}
.pill:before{content:"● ";font-size:10px;vertical-align:1px}
.valid,.added,.verified,.yes svg,.done{color:var(--good)!important}.expiring,.changed{color:var(--warn)!important}.expired,.removed{color:var(--bad)!important}
.toolbar{margin-top:20px}
.switch,.filter,.all{border:1px solid var(--edge);border-radius:9px}
.switch{gap:0;padding:2px;white-space:nowrap}
.switch label{position:relative;flex:1;text-align:center}
.switch span{position:relative;display:block;padding:4px 12px;border-radius:6px}
.switch input{position:absolute;inset:0;width:100%;height:100%;appearance:none;border-radius:6px}
.switch :checked+span{background:var(--hue);color:var(--bg);font-weight:600}
legend,.status{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.filter{flex:1 1 150px;min-width:0;height:34px;padding:0 11px;background:none;color:inherit;font-family:inherit}
.button{display:inline-grid;grid-auto-flow:column;place-items:center;gap:7px;width:30px;height:30px;border:0;border-radius:8px;background:none;font-family:inherit}
.button:hover{background:color-mix(in srgb,currentColor 9%,transparent)}
.all{width:auto;height:34px;padding:0 12px;border:1px solid var(--edge)}
.button,summary,.switch input{cursor:pointer}
svg{flex:none;width:16px;fill:none;stroke:currentColor;stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}
path+path,.done path{display:none}
.done path+path,[aria-pressed=true] path+path{display:inline}
:focus-visible{outline:2px solid var(--hue);outline-offset:2px}
.section{margin-top:24px}
.heading{display:inline;font-size:12px;letter-spacing:.06em;text-transform:uppercase}
dl{margin-top:8px}
.row{display:grid;grid-template-columns:minmax(150px,30%) 1fr;gap:4px 20px;padding:8px 0;border-top:1px solid var(--rule)}
.label{font-weight:600;font-size:14px}
.label>*{display:block;width:fit-content}
.key,.id{font:12px/1.6 var(--id-token-claims-mono,ui-monospace,monospace)}
.value{align-items:start;min-width:0}
.body{min-width:0;padding-top:3px}
.actions{gap:0}
.copy[hidden]{display:inline-grid!important;visibility:hidden}
.masked:before{content:"••••••"/"";margin-inline-end:9px;letter-spacing:2px}
.yes,.no{display:inline-flex;align-items:center;gap:6px}
.chips{gap:6px;list-style:none}
.chip{border:1px solid var(--rule);padding:1px 10px}
.link{color:var(--hue)}
summary{width:fit-content;min-height:24px;line-height:24px}
.tree{margin-bottom:4px;padding-inline-start:16px;border-inline-start:1px solid var(--rule);list-style:none}
.tree details{display:inline-block;vertical-align:top}
.problem{display:grid;gap:6px}
.problem b{color:var(--bad)}
.note{margin-top:20px;padding-top:14px;border-top:1px solid var(--rule)}
@container(max-width:520px){.card{padding:18px 16px}.row{grid-template-columns:1fr}.switch{flex:1 1 100%}}
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
