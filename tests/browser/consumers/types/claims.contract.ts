// As `claims types` writes it.

/** The claims that the contract sets in the ID token. */
export interface IdTokenClaims {
  readonly organization?: unknown;
  readonly permissions: readonly string[];
  /** Plan */
  readonly subscription_tier: "free" | "pro" | "premium";
}

/** How the claims of the ID token are shown: labels, sections and what is personal. */
export const contract = {
  "claims": {
    "organization": {},
    "permissions": { "kind": "list", "order": 2 },
    "subscription_tier": { "label": { "*": "Plan", "de": "Tarif" }, "section": "billing" }
  },
  "sections": { "billing": { "label": { "*": "Billing" }, "order": 1 } },
  "digest": "90e373330bc2f213d058ad57c78d8fc0c30d62024766c58386867de47f96a840"
} as const;
