/** The contracts of the menu; each is a folder with three files. */
export const EXAMPLES = [
  { name: 'profile', title: 'Profile from a table' },
  { name: 'subscription', title: 'Subscription and groups' },
  { name: 'membership', title: 'Membership without a table' },
  { name: 'api', title: 'API behind an authorizer' },
  { name: 'v1-names', title: 'Names for a V1 trigger' },
];

/** Fetches the three texts of an example. */
export async function load(name) {
  const read = async (file) => {
    const answer = await fetch(`./examples/${name}/${file}`);
    if (!answer.ok) throw new Error(`the example \`${name}\` has no ${file} here`);
    return answer.text();
  };
  const [contract, event, facts] = await Promise.all(['claims.yaml', 'event.json', 'facts.json'].map(read));
  return { contract, event, facts, failed: [] };
}
