"""Draws message rate and delivery delay over time as SVG, without any library."""
import math

WIDTH, HEIGHT = 1120, 640
LEFT, RIGHT = 84, 28
RATE_TOP, RATE_BOTTOM = 112, 300
DELAY_TOP, DELAY_BOTTOM = 360, 572
COLOURS = {"tcp": "#D55E00", "quic": "#0072B2", "shared": "#009E73"}
NAMES = {"tcp": "TCP", "quic": "QUIC", "shared": "QUIC, one connection for all"}
BIN_SECONDS = 0.5
DELAYS = [0.001, 0.01, 0.1, 1, 10, 100]  # seconds
DELAY_LABELS = ["1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s"]


def draw(sent, arrived, changes, end, rate):
    """sent: upstream -> {key: time}; arrived: upstream -> {key: [times]}; times in seconds."""
    def x(seconds):
        return LEFT + (WIDTH - LEFT - RIGHT) * seconds / end

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="13" '
        'fill="#222">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        text(LEFT, 34, "The network changes; sensors publish on", size=21, weight="bold"),
        text(LEFT, 56, f"The same sensors through three gateways, {rate:g} messages a second each, "
             "QoS 1. Only the upstream differs.", fill="#555"),
        legend(),
    ]
    parts += [marks(changes, x)]
    top_rate = max(rate * 2.5, 1)

    def y_rate(value):
        return RATE_BOTTOM - (RATE_BOTTOM - RATE_TOP) * min(value, top_rate) / top_rate

    parts += axis("messages a second arriving", RATE_TOP, RATE_BOTTOM,
                  [(y_rate(v), f"{v:g}") for v in (0, rate, rate * 2)], x, end)
    for name in COLOURS:
        parts.append(steps(rates(arrived[name], end), x, y_rate, COLOURS[name]))

    low, high = math.log10(DELAYS[0]), math.log10(DELAYS[-1])

    def y_delay(seconds):
        value = (math.log10(max(seconds, DELAYS[0])) - low) / (high - low)
        return DELAY_BOTTOM - (DELAY_BOTTOM - DELAY_TOP) * value

    parts += axis("delay from sensor to application", DELAY_TOP, DELAY_BOTTOM,
                  [(y_delay(v), label) for v, label in zip(DELAYS, DELAY_LABELS)], x, end)
    for name in COLOURS:
        dots = [
            f"M{x(at):.1f} {y_delay(arrived[name][key][0] - at):.1f}h0"
            for key, at in sent[name].items() if arrived[name].get(key)]
        parts.append(f'<path d="{"".join(dots)}" fill="none" stroke="{COLOURS[name]}" '
                     'stroke-width="3.2" stroke-linecap="round" stroke-opacity="0.55"/>')
        lost = [x(at) for key, at in sent[name].items() if not arrived[name].get(key)]
        parts += [f'<path d="M{at - 3:.1f} {DELAY_TOP + 4}l6 6m0 -6l-6 6" '
                  f'stroke="{COLOURS[name]}" stroke-width="1.5"/>' for at in lost]
    for seconds in range(0, int(end) + 1, 10):
        parts.append(text(x(seconds), DELAY_BOTTOM + 20, str(seconds), anchor="middle"))
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, DELAY_BOTTOM + 44, "seconds", anchor="middle"))
    parts.append("</svg>\n")
    return "\n".join(parts)


def rates(arrived, end):
    bins = [0] * (int(end / BIN_SECONDS) + 1)
    for times in arrived.values():
        for at in times:
            if 0 <= at < end:
                bins[int(at / BIN_SECONDS)] += 1
    return [count / BIN_SECONDS for count in bins]


def steps(values, x, y, colour):
    path = f"M{x(0):.1f} {y(values[0]):.1f}"
    for index, value in enumerate(values[:-1]):
        path += f"V{y(value):.1f}H{x((index + 1) * BIN_SECONDS):.1f}"
    return (f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2" '
            'stroke-linejoin="round" stroke-opacity="0.9"/>')


def axis(title, top, bottom, ticks, x, end):
    parts = [text(LEFT, top - 12, title, weight="bold")]
    for y, label in ticks:
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(text(LEFT - 8, y + 4, label, anchor="end"))
    parts.append(f'<path d="M{LEFT} {top}V{bottom}H{WIDTH - RIGHT}" fill="none" stroke="#888"/>')
    for seconds in range(0, int(end) + 1, 10):
        parts.append(f'<path d="M{x(seconds):.1f} {bottom}v4" stroke="#888"/>')
    return parts


def marks(changes, x):
    parts = []
    for index, (at, _, label) in enumerate(changes):
        here = x(at)
        parts.append(f'<path d="M{here:.1f} {RATE_TOP}V{DELAY_BOTTOM}" stroke="#444" '
                     'stroke-dasharray="4 4"/>')
        y = RATE_BOTTOM + 34 if index == 4 else RATE_BOTTOM + 18
        parts.append(text(here + 4, y, label, size=12, fill="#444"))
    return "\n".join(parts)


def legend():
    parts = []
    for index, name in enumerate(reversed(COLOURS)):
        left = WIDTH - RIGHT - 230
        y = 24 + index * 20
        parts.append(f'<path d="M{left} {y - 4}h28" stroke="{COLOURS[name]}" stroke-width="4"/>')
        parts.append(text(left + 36, y, NAMES[name]))
    parts.append(text(WIDTH - RIGHT - 194, 84, "x  lost", fill="#555"))
    return "\n".join(parts)


def text(x, y, words, size=13, anchor="start", weight="normal", fill="#222"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
            f'font-weight="{weight}" fill="{fill}">{words}</text>')
