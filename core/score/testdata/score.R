# Makes people.csv, waves.csv, decimals.csv and score.tsv, the reference for
# what is made of rows across dimensions and waves, and of decimals:
#   Rscript score.R
# Figures come from base R (lm, cor.test, t.test, aov), alpha from psych
# (2.2.9), rwg and awg from multilevel (2.7). Relative weights are computed
# here from Johnson (2000); omega by EM and Newton's method, as in
# ../../stats/testdata/reliability.R.
suppressMessages({library(psych); library(multilevel)})
set.seed(20260930)
out <- file("score.tsv", "w")
put <- function(name, value) cat(name, "\t", sprintf("%.17g", as.numeric(value)), "\n", sep = "", file = out)

likert <- function(f, load, low = 1, high = 5, mid = 3.3) pmin(high, pmax(low, round(mid + (high - low) / 4 * (load * f + sqrt(1 - load^2) * rnorm(length(f))))))
holes <- function(x, share) { x[sample(length(x), share * length(x))] <- NA; x }
# a2 and c1 are reverse-keyed, on scales from 1 to 5 and from 0 to 4
keyed <- function(x) { x[, "a2"] <- 6 - x[, "a2"]; x[, "c1"] <- 4 - x[, "c1"]; x }
dims <- list(a = paste0("a", 1:4), b = paste0("b", 1:3), c = paste0("c", 1:3))
score <- function(x, items, need) { m <- rowSums(!is.na(x[, items])); ifelse(m >= need, rowMeans(x[, items], na.rm = TRUE), NA) }
scores <- function(x, policy) sapply(dims, function(items) score(x, items, if (policy == "min_half") ceiling(length(items) / 2) else length(items)))

answers <- function(n, shift = 0, f = rnorm(n)) {
  g <- .6 * f + .8 * rnorm(n)
  x <- cbind(sapply(c(.8, -.7, .6, .7), function(l) likert(f + shift, l)), sapply(c(.7, .8, .6), function(l) likert(g, l)),
             sapply(c(-.6, .7, .8), function(l) likert(.5 * f + .5 * g + .7 * rnorm(n), l, 0, 4, 2.2)))
  colnames(x) <- unlist(dims)
  list(x = x, f = f, g = g)
}

paired <- function(name, x, y) {
  both <- !is.na(x) & !is.na(y); x <- x[both]; y <- y[both]
  t <- t.test(x, y, paired = TRUE)
  put(paste0(name, ".n"), length(x)); put(paste0(name, ".first"), mean(x)); put(paste0(name, ".second"), mean(y))
  put(paste0(name, ".mean"), t$estimate); put(paste0(name, ".sd"), sd(x - y)); put(paste0(name, ".low"), t$conf.int[1]); put(paste0(name, ".high"), t$conf.int[2])
  put(paste0(name, ".t"), t$statistic); put(paste0(name, ".df"), t$parameter); put(paste0(name, ".p"), t$p.value); put(paste0(name, ".dz"), mean(x - y) / sd(x - y))
}

# people: drivers of an outcome from 0 to 10, links between levels, service
# (a1 to a4) and care (b1 to b3), the ideal b1 and the practice b2
n <- 260
p <- answers(n)
x <- p$x
x[] <- holes(x, .07)
o <- holes(pmin(10, pmax(0, round(6 + 1.2 * p$f + .8 * p$g + 1.5 * rnorm(n)))), .05)
write.csv(data.frame(x, o), "people.csv", row.names = FALSE, quote = FALSE, na = "")
k <- keyed(x)
for (policy in c("min_half", "complete_only")) {
  s <- scores(k, policy)
  all <- complete.cases(s, o); z <- scale(s[all, ]); y <- scale(o[all])
  fit <- lm(y ~ z)
  R <- cor(s[all, ]); r <- cor(s[all, ], o[all])
  e <- eigen(R, symmetric = TRUE); root <- e$vectors %*% diag(sqrt(e$values)) %*% t(e$vectors)
  w <- root^2 %*% solve(root, r)^2
  put(paste0(policy, ".drivers.n"), sum(all)); put(paste0(policy, ".drivers.r_sq"), summary(fit)$r.squared)
  for (d in 1:3) for (f in list(c("r", r[d]), c("beta", coef(fit)[d + 1]), c("weight", w[d]), c("share", w[d] / sum(w)))) put(paste0(policy, ".drivers.", names(dims)[d], ".", f[1]), f[2])
  for (link in list(c("b", "a"), c("c", "b"))) {
    t <- cor.test(s[, link[1]], s[, link[2]])
    name <- paste0(policy, ".link.", link[1], ".", link[2])
    put(paste0(name, ".n"), t$parameter + 2); put(paste0(name, ".r"), t$estimate); put(paste0(name, ".low"), t$conf.int[1]); put(paste0(name, ".high"), t$conf.int[2])
  }
  paired(paste0(policy, ".facets"), s[, "a"], s[, "b"])
  for (d in c("a", "b")) { v <- s[!is.na(s[, d]), d]; put(paste0(policy, ".side.", d, ".n"), length(v)); put(paste0(policy, ".side.", d, ".mean"), mean(v)); put(paste0(policy, ".side.", d, ".sd"), sd(v)) }
  paired(paste0(policy, ".ideal"), k[, "b1"], k[, "b2"])
}

# waves: who answered in both is paired
n <- 180
first <- answers(n); second <- answers(n, .25, .7 * first$f + .7 * rnorm(n))
first$x[] <- holes(first$x, .06); second$x[] <- holes(second$x, .06)
came <- runif(n) < .8; stayed <- runif(n) < .7
rows <- rbind(data.frame(id = sprintf("p%03d", 1:n), wave = "q1", first$x)[came, ], data.frame(id = sprintf("p%03d", 1:n), wave = "q2", second$x)[stayed, ])
write.csv(rows[sample(nrow(rows)), ], "waves.csv", row.names = FALSE, quote = FALSE, na = "")
for (policy in c("min_half", "complete_only")) {
  one <- scores(keyed(first$x), policy); one[!came, ] <- NA
  two <- scores(keyed(second$x), policy); two[!stayed, ] <- NA
  for (d in names(dims)) {
    paired(paste0(policy, ".waves.", d), two[, d], one[, d])
    put(paste0(policy, ".waves.", d, ".before"), sum(!is.na(one[, d]))); put(paste0(policy, ".waves.", d, ".after"), sum(!is.na(two[, d])))
  }
}

# decimals: four items from 0 to 10, the second reverse-keyed, and three from 0
# to 100,000; written in several ways
n <- 150
team <- rep(c("North", "South", "East", "West", "Hall"), c(40, 35, 30, 25, 20))
f <- rnorm(n) + rep(rnorm(5, 0, .4), c(40, 35, 30, 25, 20))
x <- sapply(c(.8, -.6, .7, .75), function(l) pmin(10, pmax(0, 5.5 + 1.8 * (l * f + sqrt(1 - l^2) * rnorm(n)))))
x <- cbind(round(x[, 1], 2), round(x[, 2], 1), round(x[, 3], 12), round(x[, 4], 4))
wide <- round(sapply(c(.9, .8, .7), function(l) pmin(1e5, pmax(0, 40000 + 15000 * (l * f + sqrt(1 - l^2) * rnorm(n))))), 6)
x[] <- holes(x, .05); wide[] <- holes(wide, .05)
colnames(x) <- paste0("d", 1:4); colnames(wide) <- paste0("w", 1:3)
plain <- function(v, places) sub("0+$", "", formatC(v, format = "f", digits = places))
ways <- list(identity, function(s) sub(".", ",", s, fixed = TRUE), function(s) paste0(s, "000"), function(s) paste0(s, "e0"))
words <- function(v, places, ways) { s <- plain(v, places); at <- sample(length(ways), length(s), TRUE); ifelse(is.na(v), "", mapply(function(s, i) ways[[i]](s), s, at)) }
text <- data.frame(team, d1 = words(x[, 1], 2, ways), d2 = words(x[, 2], 1, ways), d3 = words(x[, 3], 12, ways), d4 = words(10 * x[, 4], 3, list(function(s) paste0(s, "e-1"), function(s) paste0(s, "E-01"))),
                   w1 = words(wide[, 1], 6, ways[c(1, 4)]), w2 = words(wide[, 2], 6, ways[c(1, 4)]), w3 = words(wide[, 3], 6, ways[c(1, 4)]))
write.table(text, "decimals.csv", sep = ";", row.names = FALSE, quote = FALSE)
gradient <- function(p, R) {
  k <- nrow(R); l <- p[1:k]; u <- p[k + 1:k]
  S <- outer(l, l) + diag(u); W <- solve(S); A <- W %*% (S - R) %*% W
  c(2 * A %*% l, diag(A))
}
omega <- function(C) {
  sds <- sqrt(diag(C)); R <- C / outer(sds, sds); k <- nrow(R); l <- rep(.6, k); u <- rep(.64, k)
  for (s in 1:20000) {
    b <- l / u; b <- b / (1 + sum(b * l)); Rb <- drop(R %*% b)
    d <- 1 - sum(b * l) + sum(b * Rb); l <- Rb / d; u <- diag(R) - l * Rb
  }
  p <- c(l, u)
  for (s in 1:20) {
    H <- sapply(seq_along(p), function(i) { e <- replace(0 * p, i, 1e-6); (gradient(p + e, R) - gradient(p - e, R)) / 2e-6 })
    p <- p - solve(H, gradient(p, R))
  }
  stopifnot(max(abs(gradient(p, R))) < 1e-12)
  l <- p[1:k] * sds; sum(l)^2 / (sum(l)^2 + sum(p[k + 1:k] * sds^2))
}
x[, 2] <- 10 - x[, 2]
for (set in list(list("d", x, c(0, 10)), list("w", wide, c(0, 1e5)))) {
  name <- set[[1]]; v <- set[[2]]; range <- set[[3]]; k <- ncol(v)
  for (j in 1:k) { put(paste0(name, ".", j, ".n"), sum(!is.na(v[, j]))); put(paste0(name, ".", j, ".mean"), mean(v[, j], na.rm = TRUE)); put(paste0(name, ".", j, ".sd"), sd(v[, j], na.rm = TRUE)) }
  m <- rowSums(!is.na(v)); s <- ifelse(m >= ceiling(k / 2), rowMeans(v, na.rm = TRUE), NA)
  t <- t.test(s)
  put(paste0(name, ".n"), sum(!is.na(s))); put(paste0(name, ".mean"), mean(s, na.rm = TRUE)); put(paste0(name, ".sd"), sd(s, na.rm = TRUE)); put(paste0(name, ".low"), t$conf.int[1]); put(paste0(name, ".high"), t$conf.int[2])
  full <- na.omit(v)
  for (treatment in c("pairwise", "complete")) {
    y <- if (treatment == "pairwise") v else full
    C <- cov(y, use = "pairwise")
    a <- alpha(y, warnings = FALSE); ci <- alpha.ci(a$total$raw_alpha, nrow(y), k)
    at <- paste0(name, ".", treatment)
    put(paste0(at, ".n"), nrow(y)); put(paste0(at, ".raw"), a$total$raw_alpha); put(paste0(at, ".standardized"), a$total$std.alpha); put(paste0(at, ".low"), ci$lower.ci); put(paste0(at, ".high"), ci$upper.ci)
    for (j in 1:k) { put(paste0(at, ".dropped.", j), a$alpha.drop$raw_alpha[j]); put(paste0(at, ".rest.", j), sum(C[j, -j]) / sqrt(C[j, j] * sum(C[-j, -j]))) }
  }
  put(paste0(name, ".omega"), omega(cov(full)))
  keep <- !is.na(s); g <- factor(team[keep]); fit <- aov(s[keep] ~ g); a <- summary(fit)[[1]]
  size <- tapply(s[keep], g, length); N <- sum(size); n0 <- (N - sum(size^2) / N) / (length(size) - 1)
  put(paste0(name, ".icc1"), (a[1, 3] - a[2, 3]) / (a[1, 3] + (n0 - 1) * a[2, 3])); put(paste0(name, ".icc2"), ICC2(fit)); put(paste0(name, ".f"), a[1, 4]); put(paste0(name, ".f.p"), a[1, 5])
  all <- complete.cases(v)
  r <- rwg.j(v[all, ], team[all], ranvar = diff(range)^2 / 12); for (i in seq_len(nrow(r))) put(paste0(name, ".rwgj.", r$grpid[i]), r$rwg.j[i])
  r <- awg(v[all, ], team[all], range = range); for (i in seq_len(nrow(r))) put(paste0(name, ".awg.", r$grpid[i]), r$a.wg[i])
}
close(out)
