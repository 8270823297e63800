// The test sets properties through these; nothing else of the package is global.
import * as claims from "claimwright";
import { define, IdTokenClaimsElement } from "claimwright/element";
import "claimwright/element/de";

window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));

window.claims = claims;
window.element = { define, IdTokenClaimsElement };
window.ready = true;
