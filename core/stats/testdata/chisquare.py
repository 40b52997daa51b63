# Makes chisquare.tsv, the reference for the chi-squared distribution, with
# mpmath (1.3) in 60 digits, rounded once:
#   python3 chisquare.py > chisquare.tsv
from mpmath import mp, mpf, gammainc, findroot, log, exp, sqrt, erfinv

mp.dps = 60

def tails(x, df):
    a, x = mpf(df) / 2, mpf(x) / 2
    return gammainc(a, 0, x, regularized=True), gammainc(a, x, mp.inf, regularized=True)

def quantile(p, df, start):
    # Newton's method on the logarithm of the smaller tail, by the logarithm of x
    upper, x = p > 0.5, mpf(start)
    want = log(1 - mpf(p) if upper else mpf(p))
    for _ in range(200):
        tail = tails(x, df)[1 if upper else 0]
        a, h = mpf(df) / 2, x / 2
        slope = exp(a * log(h) - h - mp.loggamma(a)) / tail
        step = (want - log(tail)) / slope * (-1 if upper else 1)
        step = max(min(step, mpf(2)), mpf(-2)) if abs(step) > 2 else step
        x *= exp(step)
        if abs(step) < mpf(10) ** -40:
            return x
    raise Exception((p, df))

def out(name, x, df, value):
    print(name, repr(float(x)), repr(float(df)), repr(float(value)), sep="\t")

for df in [0.5, 1, 2, 3, 4.5, 10, 25, 100, 2799, 100000]:
    for z in [-6, -3, -1, -0.1, 0, 0.1, 1, 3, 6, 12]:
        c = 1 - 2 / (9 * df) + z * (2 / (9 * df)) ** 0.5
        x = df * c ** 3 if c > 0.05 else df * 10.0 ** (z * 2)
        lower, upper = tails(x, df)
        if lower > mpf(10) ** -40: out("cdf", x, df, lower)
        if upper > mpf(10) ** -290: out("tail", x, df, upper)
    if df > 3000: continue
    for p in [1e-10, 1e-5, 0.001, 0.025, 0.25, 0.5, 0.75, 0.975, 0.999, 1 - 1e-10]:
        z = float(sqrt(2) * erfinv(2 * mpf(p) - 1))
        c = 1 - 2 / (9 * df) + z * (2 / (9 * df)) ** 0.5
        start = df * c ** 3 if c > 0.1 else 2 * exp((log(mpf(p)) + mp.loggamma(mpf(df) / 2 + 1)) / (mpf(df) / 2))
        out("quantile", p, df, quantile(p, df, start))
