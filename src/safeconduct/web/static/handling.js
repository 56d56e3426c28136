// Acts on alarms without leaving the page: sends the pressed button, says what came of it, remembers who sits here.
"use strict";
(() => {
  const FORM = "handling", NAME = "safeconduct-officer";
  const name = () => document.querySelector(`#${FORM} input[name=by]`);

  function say(words, wrong) {
    const line = document.getElementById("handling-said");
    line.textContent = words;
    line.classList.toggle("handling-wrong", wrong);
  }

  document.addEventListener("submit", async (event) => {
    if (event.target.id !== FORM || !event.submitter) return;
    event.preventDefault();
    const button = event.submitter, alarm = button.closest(".alarm");
    const body = new URLSearchParams(new FormData(event.target, button));
    sessionStorage.setItem(NAME, name().value);
    button.disabled = true;
    say("…", false);
    try {
      const answer = await fetch(event.target.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.ok) {
        for (const field of alarm.querySelectorAll("input")) field.value = "";
        say(`${button.textContent}: recorded.`, false);
      } else say((await answer.json()).error, true);
    } catch {
      say("The server does not answer: nothing is known to be recorded. Try again.", true);
    } finally {
      button.disabled = false;
    }
  });

  // A section drawn anew leaves what was typed; a page opened anew does not.
  name().value = sessionStorage.getItem(NAME) ?? "";
})();
