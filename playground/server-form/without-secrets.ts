const SECRET = /token|secret|password|key|sig|code/i;

/** An address without the parameters, user and password that may be secret: what is kept between visits. */
export function withoutSecrets(address: string): string {
  let url: URL;
  try {
    url = new URL(address.trim());
  } catch {
    // Half typed: kept up to where parameters and their secrets would begin.
    return address.replace(/[?#@][\s\S]*$/, "");
  }
  const secrets = [...url.searchParams.keys()].filter((name) => SECRET.test(name));
  if (secrets.length === 0 && url.username === "" && url.password === "") return address;
  for (const name of secrets) url.searchParams.delete(name);
  url.username = "";
  url.password = "";
  return url.href;
}
