"""Faults on purpose: texts that nobody escapes."""


def bold(name):
    # ruleid: marked-safe
    return mark_safe(f"<b>{name}</b>")


def strong(name):
    # ruleid: marked-safe
    return SafeString(name)


class Name:
    # ruleid: marked-safe
    def __html__(self):
        return self.text


def notice(text, context):
    # ruleid: template-of-text
    return Template(text).render(context)


def letter(text):
    # ruleid: template-of-text
    return engine.from_string(text)


def fine(name):
    return format_html("<b>{}</b>", name), Template("{{ name }}")
