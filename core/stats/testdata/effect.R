# Makes effect.tsv, the reference for comparisons, relations and drivers:
#   Rscript effect.R
# All figures come from base R, in its own way where it has one (t.test, lm,
# cor.test, p.adjust, mahalanobis), else from the definition in the most direct
# form. Inputs stand beside the figures, with 17 digits.
set.seed(1921)
file <- file("effect.tsv", "w")
# Hedges' factor; by beta, as a difference of lgamma loses digits
factor <- function(df) sqrt(pi * 2 / df) / beta((df - 1) / 2, 0.5)
put <- function(name, values) cat(name, "\t", paste(sprintf("%.17g", values), collapse = " "), "\n", sep = "", file = file)

# two independent samples: t.test, and effects from their definition
ns <- list(c(2, 2), c(2, 9), c(5, 7), c(30, 31), c(300, 12), c(2000, 1500))
for (i in seq_along(ns)) for (spread in c(0.3, 1, 2)) {
  n <- ns[[i]]
  a <- rnorm(n[1], 3.4, 0.8); b <- rnorm(n[2], 3.1, 0.8 * spread)
  level <- c(0.95, 0.9, 0.99)[i %% 3 + 1]
  t <- t.test(a, b, conf.level = level)
  N <- sum(n)
  d <- (mean(a) - mean(b)) / sqrt(((n[1] - 1) * var(a) + (n[2] - 1) * var(b)) / (N - 2))
  j <- factor(N - 2)
  se <- sqrt(N / prod(n) + d^2 / (2 * N))
  put("two", c(n[1], mean(a), sd(a), n[2], mean(b), sd(b), level,
    mean(a) - mean(b), t$conf.int, t$statistic, t$parameter, t$p.value,
    d, j * d, se, j * (d + c(-1, 1) * qnorm((1 + level) / 2) * se)))
}
# and pairs
for (n in c(3, 5, 40, 1000)) for (shift in c(0, 0.2, -1)) {
  x <- rnorm(n, shift, 1.1)
  t <- t.test(x, conf.level = 0.95)
  d <- mean(x) / sd(x); j <- factor(n - 1)
  se <- sqrt(1 / n + d^2 / (2 * n))
  put("paired", c(n, mean(x), sd(x), t$conf.int, t$statistic, t$p.value, d, j * d, se, j * (d + c(-1, 1) * qnorm(0.975) * se)))
}

for (m in c(1, 2, 5, 40)) for (scale in c(1, 20)) {
  p <- signif(runif(m)^scale, 3); p[runif(m) < 0.2] <- NA
  p <- c(p, p[m])
  put("holm", c(length(p), p, p.adjust(p, "holm")))
}

# correlations of answers, with the sums
for (n in c(4, 7, 60, 3000)) for (slope in c(0, 0.4, 0.95)) {
  x <- rnorm(n); y <- slope * x + sqrt(1 - slope^2) * rnorm(n)
  x <- pmin(7, pmax(1, round(4 + 1.4 * x))); y <- pmin(7, pmax(1, round(4 + 1.4 * y)))
  if (abs(cor(x, y)) > 0.999 || is.na(cor(x, y))) next
  t <- cor.test(x, y)
  put("cor", c(n, sum(x), sum(x^2), sum(y), sum(y^2), sum(x * y), t$estimate, t$conf.int, t$p.value))
}

# drivers: regression of scaled data, and Johnson's formula as he gives it
johnson <- function(R, r) {
  e <- eigen(R, symmetric = TRUE)
  L <- e$vectors %*% diag(sqrt(e$values), nrow(R)) %*% t(e$vectors)
  b <- solve(L) %*% r
  as.vector(L^2 %*% b^2)
}
for (k in c(1, 2, 4, 8, 15)) for (common in c(0, 0.5, 0.97)) {
  n <- 400
  x <- sqrt(common) * rnorm(n) + sqrt(1 - common) * matrix(rnorm(n * k), n)
  y <- x %*% seq(-0.2, 1, length.out = k) + rnorm(n, 0, 1.5)
  R <- cor(x); r <- as.vector(cor(x, y))
  m <- lm(scale(y) ~ scale(x))
  put("drivers", c(k, R[upper.tri(R)], r, summary(m)$r.squared, coef(m)[-1], johnson(R, r)))
}

# percentiles of weights under Wishart's distribution, many replicates, and
# the standard error that so many leave to each
B <- 200000
for (k in c(1, 3, 5)) for (n in c(25, 400)) {
  x <- sqrt(0.5) * rnorm(n) + sqrt(0.5) * matrix(rnorm(n * k), n)
  y <- x %*% seq(0, 1, length.out = k + 1)[-1] + rnorm(n, 0, 1.2)
  all <- cor(cbind(x, y)); q <- 1:k
  w <- rWishart(B, n - 1, all)
  one <- function(S) {
    C <- cov2cor(S); weights <- johnson(C[q, q, drop = FALSE], C[q, k + 1])
    c(sum(weights), solve(C[q, q], C[q, k + 1]), weights, weights / sum(weights))
  }
  figures <- apply(w, 3, one)
  # shares of a single predictor are all 1 but for rounding
  figures[abs(figures - 1) < 1e-9] <- 1
  for (p in c(0.025, 0.975)) {
    at <- apply(figures, 1, quantile, probs = p)
    density <- sapply(seq_along(at), function(i) {
      h <- diff(quantile(figures[i, ], c(p - 0.005, p + 0.005)))
      if (h > 0) 0.01 / h else Inf
    })
    put("wishart", c(k, n, p, all[upper.tri(all)], at, sqrt(p * (1 - p) / B) / density))
  }
}

# squared distances of complete rows
x <- matrix(sample(1:5, 40 * 6, TRUE, c(1, 2, 4, 3, 1)), 40); x[, 2] <- pmin(5, pmax(1, x[, 1] + sample(-1:1, 40, TRUE)))
d2 <- mahalanobis(x, colMeans(x), cov(x))
for (i in 1:40) put("distance", c(x[i, ], d2[i], pchisq(d2[i], 6, lower.tail = FALSE), sd(x[i, ]), max(rle(x[i, ])$lengths)))

for (n in c(1, 2, 10, 101)) { v <- round(rnorm(n), 1); put("quantile", c(n, v, quantile(v, c(0.025, 0.25, 0.5, 0.975)))) }

# score interval of a difference of shares of one sample: the likeliest shares
# under each difference by numerical search, not by Tango's formula
score <- function(b, c, n, d) {
  loglik <- function(q) {
    v <- c(q + d, q, 1 - 2 * q - d); x <- c(b, c, n - b - c)
    sum(ifelse(x == 0, 0, x * log(pmax(v, 0))))
  }
  q <- optimize(loglik, c(max(0, -d), (1 - d) / 2), maximum = TRUE, tol = 1e-14)$maximum
  (b - c - n * d) / sqrt(n * (2 * q + d * (1 - d)))
}
for (x in list(c(40, 20, 160), c(3, 4, 12), c(9, 1, 10), c(5, 5, 25), c(700, 100, 1000))) for (level in c(0.8, 0.95)) {
  z <- qnorm((1 + level) / 2); b <- x[1]; c <- x[2]; n <- x[3]; at <- (b - c) / n
  root <- function(from, to, z) uniroot(function(d) score(b, c, n, d) - z, c(from, to), tol = 1e-13)$root
  put("net", c(b, c, n, level, root(-1 + 1e-9, at, z), root(at, 1 - 1e-9, -z)))
}
close(file)
