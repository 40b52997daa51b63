# Makes distribution.tsv, the reference for the distribution functions:
#   Rscript distribution.R > distribution.tsv
# The column "exact" is computed with 320 bits (package Rmpfr, at least 0.9) by
# the series with positive terms, a method that the Go code does not use, and
# rounded once. The column "r" is what base R gives for the same arguments.
suppressMessages(library(Rmpfr))
bits <- 320
M <- function(x) mpfr(x, bits)
one <- M(1)

# density of the log odds, x^a y^b / B(a,b)
density <- function(x, y, a, b)
  exp(a * log(x) + b * log(y) + lgamma(a + b) - lgamma(a) - lgamma(b))

# I_x(a,b) = density/a * sum over n of x^n (a+b)(a+b+1).../((a+1)(a+2)...)
series <- function(x, y, a, b) {
  sum <- one; last <- one; n <- 0; block <- 64
  repeat {
    i <- M(n + seq_len(block))
    terms <- last * cumprod((a + b + i - 1) / (a + i) * x)
    sum <- sum + base::sum(terms)
    last <- terms[block]; n <- n + block
    if (last < sum * M(2)^(-200) && (a + b + n) * x < (a + 1 + n)) break
    block <- min(block * 2, 16384)
  }
  density(x, y, a, b) / a * sum
}

# how many terms the series needs, to the next power of two
terms <- function(x, y, a, b) {
  x <- asNumeric(x); y <- asNumeric(y); a <- asNumeric(a); b <- asNumeric(b)
  n <- 64; logx <- if (x < 0.5) log(x) else log1p(-y)
  while (n < 2^30 && n * logx + lgamma(a + b + n) - lgamma(a + b) - lgamma(a + 1 + n) + lgamma(a + 1) > -150) n <- 2 * n
  n
}

# both tails, by the series that needs fewer terms
tails <- function(x, y, a, b) {
  if (terms(x, y, a, b) <= terms(y, x, b, a)) { l <- series(x, y, a, b); c(l, one - l) }
  else { u <- series(y, x, b, a); c(one - u, u) }
}

# odds with probability p below, by Newton's method on the log odds
odds <- function(p, a, b, start) {
  w <- M(start)
  for (k in 1:60) {
    x <- w / (1 + w); y <- 1 / (1 + w)
    t <- tails(x, y, a, b)
    lower <- p <= 0.5
    f <- if (lower) t[1] else t[2]
    want <- if (lower) p else 1 - p
    step <- (log(want) - log(f)) * f / density(x, y, a, b)
    if (!lower) step <- -step
    w <- w * exp(step)
    if (abs(step) < M(10)^(-30)) return(w)
  }
  stop("no convergence")
}

out <- function(f, args, exact, r) {
  args <- c(args, NA, NA, NA)[1:3]
  cat(paste(c(f, ifelse(is.na(args), "-", sprintf("%.17g", args)),
              sprintf("%.17g", asNumeric(exact)), sprintf("%.17g", r)), collapse = "\t"), "\n", sep = "")
}

dfs <- c(1, 2, 3, 4.5, 10, 100, 2799, 1e6, 1e9)
ps <- c(1e-10, 1e-8, 1e-5, .001, .01, .025, .05, .1, .25, .4, .49, .4999, .5001, .51, .6, .75,
        .9, .95, .975, .99, .999, 1 - 1e-5, 1 - 1e-8, 1 - 1e-10)
few <- c(1e-10, 1e-5, .025, .25, .5, .75, .975, 1 - 1e-5, 1 - 1e-10)

tiny <- M(10)^-30 # under this the complement of the series runs out of bits

cat("function\targ1\targ2\targ3\texact\tr\n")
for (df in dfs) {
  half <- M(df) / 2
  for (p in ps) {
    P <- M(p); beyond <- 2 * min(P, 1 - P)
    q <- qt(p, df)
    t <- sqrt(df * odds(1 - beyond, M(0.5), half, q^2 / df))
    out("t.quantile", c(p, df), if (p < .5) -t else t, q)
  }
  for (q in c(-30, -8, -2.5, -1, -.1, 0.001, .7, 2, 6)) {
    T <- M(q); x <- T^2 / (T^2 + df); y <- df / (T^2 + df)
    tt <- tails(x, y, M(0.5), half)
    if (tt[2] > tiny) out("t.cdf", c(q, df), if (q < 0) tt[2] / 2 else 1 - tt[2] / 2, pt(q, df))
  }
}
for (d1 in dfs) for (d2 in dfs) {
  a <- M(d1) / 2; b <- M(d2) / 2
  for (p in if (min(d1, d2) < 1e6) few else c(1e-10, .025, .9)) {
    q <- qf(p, d1, d2)
    # qf itself is no good start: it goes over to chi-squared above 4e5 df
    start <- qbeta(p, d1 / 2, d2 / 2) / qbeta(p, d2 / 2, d1 / 2, lower.tail = FALSE)
    out("f.quantile", c(p, d1, d2), odds(M(p), a, b, start) * d2 / d1, q)
  }
  for (q in if (min(d1, d2) < 1e6) c(.5, .99, 1, 1.01, 2, 10) else 1.0001) {
    w <- M(q) * d1 / d2
    x <- w / (1 + w); y <- 1 / (1 + w)
    t <- tails(x, y, a, b)
    if (t[1] > tiny) out("f.cdf", c(q, d1, d2), t[1], pf(q, d1, d2))
    if (t[2] > tiny) out("f.tail", c(q, d1, d2), t[2], pf(q, d1, d2, lower.tail = FALSE))
  }
}
shapes <- c(.5, 1, 2.25, 5, 50, 1399.5, 5e5, 5e8)
for (a in shapes) for (b in shapes) {
  A <- M(a); B <- M(b)
  for (p in if (min(a, b) < 5e5) few else c(.025, .9)) {
    q <- qbeta(p, a, b)
    start <- if (q > 0 && q < 1) q / qbeta(p, b, a, lower.tail = FALSE) else qf(p, 2 * a, 2 * b) * a / b
    w <- odds(M(p), A, B, start)
    out("beta.quantile", c(p, a, b), w / (1 + w), q)
  }
  for (z in if (min(a, b) < 5e5) c(-6, -2, 0, .5, 3) else -2) {
    q <- plogis(log(a / b) + z * sqrt(1 / a + 1 / b))
    if (q <= 0 || q >= 1) next
    x <- M(q)
    l <- tails(x, 1 - x, A, B)[1]
    if (l > tiny) out("beta.cdf", c(q, a, b), l, pbeta(q, a, b))
  }
}
for (q in c(-37.3, -20.3, -6.5, -3, -2.5, -2.4, -1, -1e-5, .3, 1.96, 2.6, 5, 8)) {
  out("normal.cdf", q, pnorm(M(q)), pnorm(q))
}
for (p in c(1e-300, 1e-50, ps, .5)) {
  x <- M(qnorm(p))
  if (p == .5) { out("normal.quantile", p, M(0), 0); next }
  for (k in 1:6) x <- x - (pnorm(x) - M(p)) / dnorm(x)
  out("normal.quantile", p, x, qnorm(p))
}
