# Makes reliability.tsv, the reference for what is computed from covariance
# matrices:
#   Rscript reliability.R
# Alpha and its relatives come from psych (2.2.9). Omega comes from a
# one-factor model that is fitted here, by another road than in the Go code: EM
# on the correlations from loadings .6 and uniquenesses .64 into the
# neighborhood, then Newton's method with a Hessian of finite differences on
# loadings and uniquenesses, until steps have no length. Where EM crawls, maybe
# towards a uniqueness of zero, factanal's objective is minimized within bounds. So it
# is from a start at each item, as if it were the factor: there may be a better
# fit than that of EM. If its least uniqueness is under 1e-5, the line
# "heywood" is 1.
suppressMessages(library(psych))
set.seed(1904)
out <- file("reliability.tsv", "w")
put <- function(...) {
  parts <- list(...); last <- length(parts)
  cat(paste0(parts[-last], collapse = "."), "\t", sprintf("%.17g", as.numeric(parts[[last]])), "\n", sep = "", file = out)
}

gradient <- function(p, R) {
  k <- nrow(R); l <- p[1:k]; u <- p[k + 1:k]
  S <- outer(l, l) + diag(u); W <- solve(S); A <- W %*% (S - R) %*% W
  c(2 * A %*% l, diag(A))
}
em <- function(R, l, u, steps) {
  for (s in seq_len(steps)) {
    b <- l / u; b <- b / (1 + sum(b * l)); Rb <- drop(R %*% b)
    d <- 1 - sum(b * l) + sum(b * Rb)
    l <- Rb / d; u <- diag(R) - l * Rb
    if (min(u) < 1e-9) break
  }
  list(l = l, u = u)
}
# factanal's objective of the uniquenesses alone, and its gradient
loadings <- function(u, R) {
  e <- eigen(R / sqrt(outer(u, u)), symmetric = TRUE)
  list(l = sqrt(u) * e$vectors[, 1] * sqrt(max(e$values[1] - 1, 0)), rest = e$values[-1])
}
concentrated <- function(logu, R) { r <- loadings(exp(logu), R)$rest; sum(r - log(r) - 1) }
slope <- function(logu, R) {
  u <- exp(logu); l <- loadings(u, R)$l
  diag(outer(l, l) + diag(u) - R) / u
}
bounded <- function(u, R) nlminb(log(pmax(u, 1e-4)), concentrated, slope, R = R, lower = log(1e-8), upper = 0,
                                 control = list(eval.max = 5000, iter.max = 5000, rel.tol = 1e-15))
model <- function(R) {
  k <- nrow(R); f <- em(R, rep(.6, k), rep(.64, k), 20000)
  others <- lapply(1:k, function(i) bounded(1 - .95 * R[i, ]^2, R))
  o <- others[[which.min(sapply(others, `[[`, "objective"))]]
  better <- o$objective < concentrated(log(pmax(f$u, 1e-8)), R) - 1e-7
  if (better || min(f$u) < .01 || max(abs(gradient(c(f$l, f$u), R))) > 1e-9) {
    if (!better) o <- bounded(f$u, R)
    u <- exp(o$par)
    if (min(u) < 1e-5) return(NULL)
    f <- list(l = loadings(u, R)$l, u = u)
  }
  p <- c(f$l, f$u); step <- Inf
  for (s in 1:60) {
    g <- gradient(p, R)
    H <- sapply(seq_along(p), function(i) {
      h <- 1e-5 * p[k + (i - 1) %% k + 1]; e <- replace(0 * p, i, h)
      (gradient(p + e, R) - gradient(p - e, R)) / (2 * h)
    })
    last <- step; d <- solve(H, g); step <- max(abs(d))
    if (step >= last && step < 1e-11) break
    p <- p - d
  }
  stopifnot(step < 1e-11)
  list(l = p[1:k], u = p[k + 1:k])
}
omega <- function(name, C) {
  sds <- sqrt(diag(C)); f <- model(C / outer(sds, sds))
  put(name, "heywood", is.null(f))
  if (is.null(f)) return(invisible())
  total <- sum(f$l * sds)
  if (total < -1e-9 || (total < 1e-9 && f$l[1] < 0)) f$l <- -f$l
  put(name, "omega", sum(f$l * sds)^2 / (sum(f$l * sds)^2 + sum(f$u * sds^2)))
  put(name, "omegastd", sum(f$l)^2 / (sum(f$l)^2 + sum(f$u)))
  for (j in seq_along(f$l)) { put(name, "loading", j, f$l[j]); put(name, "unique", j, f$u[j]) }
}
figures <- function(name, C, n) {
  k <- nrow(C); dimnames(C) <- list(paste0("q", 1:k), paste0("q", 1:k))
  put(name, "k", k); put(name, "n", n)
  for (i in 1:k) for (j in 1:i) put(name, "cov", i, j, C[i, j])
  a <- suppressMessages(suppressWarnings(alpha(C, n.obs = n, warnings = FALSE)))
  put(name, "raw", a$total$raw_alpha); put(name, "std", a$total$std.alpha); put(name, "g6", a$total[["G6(smc)"]])
  put(name, "average", a$total$average_r); put(name, "ase", a$total$ase)
  for (level in c(.9, .95, .99)) {
    ci <- alpha.ci(a$total$raw_alpha, n, k, p.val = 1 - level)
    put(name, paste0("low", 100 * level), ci$lower.ci); put(name, paste0("high", 100 * level), ci$upper.ci)
  }
  if (k > 2) for (j in 1:k) { put(name, "dropped", j, a$alpha.drop$raw_alpha[j]); put(name, "droppedstd", j, a$alpha.drop$std.alpha[j]) }
  if (k > 2) omega(name, C)
}

# answers on a scale from 1 to 5 with one factor behind them
survey <- function(n, loadings, width = 1) {
  f <- rnorm(n)
  sapply(loadings, function(l) pmin(5, pmax(1, round(3 + width * (l * f + sqrt(1 - l^2) * rnorm(n))))))
}
figures("three", cov(survey(60, c(.8, .7, .6))), 60)
figures("pair", cov(survey(40, c(.7, .6))), 40)
figures("unreversed", cov(survey(150, c(.7, .8, -.6, .5, .7))), 150)
figures("balanced", matrix(c(1, .5, -.4, -.45, .5, 1, -.5, -.4, -.4, -.5, 1, .5, -.45, -.4, .5, 1), 4), 90)
figures("negative", cov(survey(80, c(.6, -.7, .7, -.7))), 80)
figures("twenty", cov(survey(300, seq(.2, .9, length.out = 20))), 300)
figures("weak", cov(survey(400, rep(.3, 6))), 400)
figures("alike", { R <- matrix(.9999, 5, 5); diag(R) <- 1; R[1, 2] <- R[2, 1] <- .99995; R }, 1e5)
units <- 10^c(-3, 0, 3, 1, -1)
figures("units", cov(survey(120, c(.5, .8, .6, .7, .9))) * outer(units, units), 120)
l <- c(.99998, .7, .6, .5); R <- outer(l, l); diag(R) <- 1
figures("narrow", R * outer(1:4, 1:4), 500)
# EM from .6 ends at an omega of another size, with a misfit of .785
figures("hidden", as.matrix(cov(read.csv(text = "5,3,2,3,4
4,2,4,3,3
2,2,3,3,1
2,4,3,4,2
3,2,2,3,4
3,2,2,2,3
3,3,2,4,1
2,3,3,3,1", header = FALSE))), 8)
figures("two", cov(survey(2000, c(.8, .7, .6, .75, .5))), 2)
for (t in 1:60) {
  k <- sample(3:9, 1); n <- sample(c(12, 15, 20, 30, 60, 200, 1000), 1)
  repeat {
    C <- cov(survey(n, runif(k, .1, .9), runif(1, .8, 1.5)))
    if (min(diag(C)) > 0 && min(eigen(cov2cor(C))$values) > 1e-4) break
  }
  figures(paste0("random", t), C, n)
}
close(out)
