"""The exercises of lesson 13: a first classifier."""

from functools import cache

import numpy as np

from helpers.exercises.engine import Exercise, UnfitError

# Measured by helpers.batch.measure, a film after the other, a block for each class: mean; lung
# share, opacity share and edge density in thousandths; height and width. "-" where it is missing.
# First the films of data/pneumonia, then those of further people: numbers 501 and on of class_film
# in data.phantom.series. The goal of 13.6 was set before anybody had measured them.
KNOWN_PEOPLE = """
114 246 30 112 249 298 | 141 0 - - 245 316 | 131 295 0 143 240 285 | 132 301 0 132 315 327
130 248 0 136 295 311 | 120 277 98 128 325 342 | 135 344 0 143 268 327 | 150 295 0 146 270 289
127 368 0 132 238 282 | 148 290 0 139 247 252 | 128 303 0 143 214 255 | 139 317 0 134 247 293

136 264 146 138 346 359 | 131 239 172 136 299 281 | 112 309 27 110 325 357 | 125 304 0 124 262 270
147 256 201 142 340 389 | 162 252 76 151 242 248 | 139 338 60 156 196 247 | 146 0 - - 220 278
133 241 68 143 240 255 | 127 0 - - 262 307 | 123 276 20 114 317 296 | 112 301 126 127 270 328
162 246 138 143 243 268 | 114 0 - - 193 245 | 124 318 70 124 304 305 | 132 0 - - 275 354
142 286 182 142 305 307 | 128 296 106 142 223 252 | 123 0 - - 194 266 | 156 0 - - 247 319
127 260 68 131 258 268 | 124 280 57 115 347 375 | 150 301 77 145 235 280 | 148 296 146 132 276 274

155 302 109 153 309 334 | 160 0 - - 356 359 | 127 0 - - 304 374 | 132 278 179 147 310 362
145 277 18 153 315 304 | 151 0 - - 331 346 | 153 274 12 143 353 344 | 115 250 96 135 293 378
135 241 41 145 312 333 | 126 0 - - 210 254 | 123 270 79 141 328 375 | 151 288 64 147 267 324
"""

NEW_PEOPLE = """
137 316 0 127 338 338 | 126 0 - - 281 364 | 119 273 0 134 213 268 | 122 279 0 141 290 337
121 269 21 131 228 252 | 107 253 0 113 279 331 | 115 318 0 129 255 321 | 121 290 0 103 324 358
131 268 0 112 293 295 | 127 290 38 137 273 274 | 157 266 62 144 380 368 | 131 0 - - 250 353
144 278 0 141 277 318 | 108 0 - - 271 361 | 113 317 0 119 258 328 | 156 334 33 145 338 357
139 0 - - 268 378 | 136 0 - - 263 327 | 126 0 - - 250 287 | 145 262 94 139 317 308
120 288 0 135 301 380 | 134 0 - - 210 281 | 125 284 0 136 248 321 | 119 245 0 131 373 375
102 0 - - 194 251 | 134 309 0 128 256 277 | 140 313 100 142 294 311 | 110 0 - - 266 342
119 314 0 128 272 303

119 366 142 136 278 359 | 118 314 58 130 297 381 | 120 315 23 110 343 367 | 141 311 106 147 286 299
152 337 0 155 227 273 | 138 249 122 143 328 355 | 145 290 110 142 250 295 | 152 267 195 137 351 334
150 290 113 142 295 282 | 149 290 97 142 248 299 | 113 0 - - 231 314 | 109 0 - - 250 283
136 238 105 141 278 300 | 125 365 159 105 348 383 | 144 0 - - 260 318 | 123 272 40 128 315 368
129 0 - - 215 287 | 131 228 109 136 378 379 | 114 303 26 119 324 363 | 122 292 151 136 288 288
134 275 166 148 237 298 | 136 332 81 137 302 340 | 127 275 118 138 344 327 | 158 301 144 137 340 324
138 314 105 139 294 375 | 153 324 89 134 239 246 | 127 308 54 127 272 281 | 130 351 96 137 275 350
132 260 0 120 343 389 | 113 0 - - 244 313 | 154 239 149 135 269 249 | 135 293 97 133 278 315
119 298 93 146 271 331 | 117 216 137 130 259 264 | 162 294 178 144 264 293 | 122 266 105 128 304 318
149 372 86 145 282 352 | 131 326 32 138 236 313 | 114 328 190 122 289 359 | 115 0 - - 214 268
131 0 - - 294 362 | 134 282 145 150 195 257 | 145 356 111 141 315 342 | 131 300 87 150 213 267
125 302 121 102 261 250 | 131 328 69 138 219 247 | 145 272 178 137 308 308 | 147 233 96 144 384 378
124 294 175 145 249 297 | 145 0 - - 217 250 | 141 326 216 132 212 273 | 127 0 - - 298 371
157 244 91 150 279 299 | 150 296 175 148 284 324 | 110 240 22 102 370 389 | 147 219 112 143 297 283
162 301 170 143 305 322 | 124 277 63 110 261 260

109 0 - - 262 358 | 139 0 - - 232 297 | 110 329 32 140 196 261 | 127 274 0 111 284 268
120 331 58 129 240 276 | 123 251 93 144 300 297 | 146 193 84 150 259 295 | 115 286 58 149 277 375
159 249 93 153 330 352 | 133 273 66 149 281 276 | 150 303 68 134 294 271 | 100 0 - - 255 333
110 0 - - 238 305 | 137 402 47 142 201 245 | 120 0 - - 232 300 | 153 282 48 150 210 265
147 298 54 150 217 255 | 134 317 0 136 316 295 | 132 298 70 147 193 247 | 123 308 52 132 283 347
128 321 67 153 217 269 | 136 264 63 144 266 269 | 121 292 45 127 290 319 | 156 265 25 147 299 269
141 327 138 149 282 330 | 133 347 64 143 381 355 | 151 0 - - 283 344 | 147 0 - - 232 315
134 245 33 149 356 336
"""

TRUE_TEN = np.array([0, 0, 0, 0, 0, 1, 1, 1, 2, 2])
ANSWERS_TEN = np.array([0, 0, 0, 0, 1, 1, 1, 2, 1, 2])

RANDOM = np.random.default_rng(13)
TWO = np.array([[90, 0], [10, 0]])
THREE = np.array([[9, 3, 0], [3, 16, 5], [2, 8, 2]])
SMALL = np.array([[1, 3], [2, 4]])
MANY = RANDOM.integers(1, 30, (5, 5))
EMPTY = np.array([[4, 1, 0, 2], [0, 0, 0, 0], [1, 3, 5, 0], [2, 0, 0, 1]])
PERFECT = np.diag([3, 8, 2])
BYTES = np.array([[200, 100], [50, 150]], np.uint8)

# ---- balanced accuracy --------------------------------------------------------------------------


def balanced_accuracy(counts):
    """Return the mean of the recalls of the classes that are there."""
    films = counts.sum(axis=1)
    return np.mean((np.diag(counts) / np.where(films, films, 1))[films > 0])


def accuracy(counts):
    """Return the share of right answers."""
    return np.trace(counts) / counts.sum()


def mean_precision(counts):
    """Divide by the answers in place of the films."""
    given = counts.sum(axis=0)
    return np.mean((np.diag(counts) / np.where(given, given, 1))[given > 0])


def empty_counts_as_zero(counts):
    """Take the recall of a class without films for 0."""
    films = counts.sum(axis=1)
    return np.mean(np.diag(counts) / np.where(films, films, 1))


def empty_counts_as_one(counts):
    """Take the recall of a class without films for 1."""
    films = counts.sum(axis=1)
    return np.mean(np.where(films, np.diag(counts) / np.where(films, films, 1), 1))


def diagonal_of_the_rest(counts):
    """Drop the rows without films first, and take the diagonal of what is left."""
    kept = counts[counts.sum(axis=1) > 0]
    return np.mean(np.diag(kept) / kept.sum(axis=1))


def sum_of_recalls(counts):
    """Forget the division by the number of classes."""
    return balanced_accuracy(counts) * np.sum(counts.sum(axis=1) > 0)


def mean_of_whole_table(counts):
    """Average all shares in place of those on the diagonal."""
    films = counts.sum(axis=1, keepdims=True)
    return np.mean((counts / np.where(films, films, 1))[films[:, 0] > 0])


def each_recall(counts):
    """Return the recalls themselves."""
    films = counts.sum(axis=1)
    return (np.diag(counts) / np.where(films, films, 1))[films > 0]


def empty_is_nan(counts):
    """Divide by zero where a class has no film."""
    with np.errstate(all="ignore"):
        return np.mean(np.diag(counts) / counts.sum(axis=1))


def median_of_recalls(counts):
    """Take the median in place of the mean."""
    return np.median(each_recall(counts))


def drop_never_recognized(counts):
    """Leave out the classes that are never recognized, not those without films."""
    recalls = each_recall(counts)
    return np.mean(recalls[recalls > 0]) if recalls.any() else 0.0


def drop_column_too(counts):
    """Leave out the answers that name a class without films as well."""
    there = counts.sum(axis=1) > 0
    return balanced_accuracy(counts[there][:, there])


# ---- confusion in shares ------------------------------------------------------------------------


def count(rows, columns):
    """Return how often each row was called each column."""
    counts = np.zeros((3, 3))
    np.add.at(counts, (rows, columns), 1)
    return counts


def draw_shares(figure, table=None, ends=(0, 1), labels=True):
    """Draw the shares of each true class, or what people draw in their place."""
    counts = count(TRUE_TEN, ANSWERS_TEN)
    shares = counts / counts.sum(axis=1, keepdims=True) if table is None else table(counts)
    axes = figure.subplots()
    axes.imshow(shares, vmin=ends[0], vmax=ends[1])
    if labels:
        axes.set(xlabel="answer", ylabel="true class")


def drawing(**changes):
    """Return a function that draws the shares with something changed."""
    return lambda figure: draw_shares(figure, **changes)


# ---- classifiers --------------------------------------------------------------------------------


@cache
def people(text):
    """Return six columns for each film of a text above, and its label."""
    rows, labels = [], []
    for label, block in enumerate(text.strip().split("\n\n")):
        for film in block.replace("\n", " | ").split(" | "):
            rows.append([np.nan if number == "-" else float(number) for number in film.split()])
            labels.append(label)
    return np.array(rows) / [1, 1000, 1000, 1000, 1, 1], np.array(labels)


def on_new_people(classify):
    """Return the balanced accuracy of a classifier on people who are not in the course."""
    train_x, train_y = people(KNOWN_PEOPLE)
    test_x, test_y = people(NEW_PEOPLE)
    answers = classify(train_x.copy(), train_y.copy(), test_x.copy())
    if answers is None or answers is ...:
        return answers
    if hasattr(answers, "predict"):
        raise UnfitError("it returns the model; return what its predict says of test_X")
    answers = np.asarray(answers)
    if answers.shape != test_y.shape:
        raise UnfitError(
            f"what it returns has the shape {answers.shape}; {test_y.shape} is wanted, a label a film"
        )
    for label in answers.tolist():
        if label not in train_y.tolist():
            raise UnfitError(f"{label!r} is among its labels; return those of train_y")
    return float(np.mean([np.mean(answers[test_y == label] == label) for label in range(3)]))


def what_is_recognized(classify):
    """Tell the recall of each class."""
    (train_x, train_y), (test_x, test_y) = people(KNOWN_PEOPLE), people(NEW_PEOPLE)
    answers = np.asarray(classify(train_x.copy(), train_y.copy(), test_x.copy()))
    recalls = [np.mean(answers[test_y == label] == label) for label in range(3)]
    return (
        f"of the new people it recognizes {recalls[0]:.0%} of the normal ones, {recalls[1]:.0%} of"
        f" the bacterial and {recalls[2]:.0%} of the viral ones; which class needs more weight?"
    )


def prepared(train, test):
    """Fill what is missing, and scale."""
    middle = np.nanmedian(train, axis=0)
    train, test = (np.where(np.isnan(part), middle, part) for part in (train, test))
    center, spread = train.mean(axis=0), train.std(axis=0)
    return (train - center) / spread, (test - center) / spread


def nearest_centroid(columns, scale=prepared):
    """Return a classifier by the nearest centroid that sees some of the columns."""

    def classify(train_x, train_y, test_x):
        train_z, test_z = scale(train_x[:, columns], test_x[:, columns])
        centroids = np.array([train_z[train_y == label].mean(axis=0) for label in range(3)])
        return np.linalg.norm(test_z[:, None] - centroids, axis=2).argmin(axis=1)

    return classify


def nearest_film(columns):
    """Return a classifier by the nearest film that sees some of the columns."""

    def classify(train_x, train_y, test_x):
        train_z, test_z = prepared(train_x[:, columns], test_x[:, columns])
        return train_y[np.linalg.norm(test_z[:, None] - train_z, axis=2).argmin(axis=1)]

    return classify


def majority(train_x, train_y, test_x):
    """Name the largest class whatever the film shows."""
    return np.full(len(test_x), np.bincount(train_y).argmax())


def filled(train, test):
    """Fill what is missing and do not scale."""
    middle = np.nanmedian(train, axis=0)
    return tuple(np.where(np.isnan(part), middle, part) for part in (train, test))


def library(columns):
    """Return plain logistic regression that sees some of the columns."""

    def classify(train_x, train_y, test_x):
        from sklearn.linear_model import LogisticRegression  # takes a second to import

        train_z, test_z = prepared(train_x[:, columns], test_x[:, columns])
        return LogisticRegression(max_iter=1000).fit(train_z, train_y).predict(test_z)

    return classify


# ---- nearest median -----------------------------------------------------------------------------


def by_center(center=np.median, power=1, last=False, index=False, farthest=False, axis=2):
    """Return a classifier by the nearest centre, or by what people take for it."""

    def classify(train_x, train_y, test_x):
        labels = np.unique(train_y)
        centers = np.array([center(train_x[train_y == label], axis=0) for label in labels])
        apart = (np.abs(test_x[:, None] - centers) ** power).sum(axis=axis)
        if farthest:
            apart = -apart
        best = apart.argmin(axis=1)
        if last:
            best = apart.shape[1] - 1 - apart[:, ::-1].argmin(axis=1)
        return best if index else labels[best]

    return classify


def fixed_labels(train_x, train_y, test_x):
    """Take the labels for 0, 1 and 2."""
    centers = [np.median(train_x[train_y == c], axis=0) for c in range(3) if c in train_y]
    if not centers:
        return np.zeros(len(test_x), dtype=int)
    return np.abs(test_x[:, None] - np.array(centers)).sum(axis=2).argmin(axis=1)


def scaled_first(train_x, train_y, test_x):
    """Bring each column to mean 0 and standard deviation 1 first."""
    train_z, test_z = prepared(train_x, test_x)
    return by_center()(train_z, train_y, test_z)


def signed_distance(train_x, train_y, test_x):
    """Add the differences without taking their size."""
    labels = np.unique(train_y)
    centers = np.array([np.median(train_x[train_y == label], axis=0) for label in labels])
    return labels[np.abs((test_x[:, None] - centers).sum(axis=2)).argmin(axis=1)]


def nearest_single_film(train_x, train_y, test_x):
    """Copy the label of the nearest film."""
    return train_y[np.abs(test_x[:, None] - train_x).sum(axis=2).argmin(axis=1)]


def one_median(train_x, train_y, test_x):
    """Take one median over all the columns of a class."""
    labels = np.unique(train_y)
    centers = np.array([np.median(train_x[train_y == label]) for label in labels])
    return labels[np.abs(test_x[:, None] - centers[:, None]).sum(axis=2).argmin(axis=1)]


LABELS_20 = np.arange(20) % 3
CLOUDS = RANDOM.normal(size=(20, 3)) + LABELS_20[:, None]
CLOUDS[::6] += [9, -4, 0]
STRANGE = np.array([[0.0, 0], [1, 1], [30, 0], [6, 6], [7, 5], [8, 7]])
ODD_LABELS = np.array([7, 7, 7, 2, 2, 2])
TIES = np.array([[0.0], [2], [4], [6]])


def farthest_column(train_x, train_y, test_x):
    """Take the largest difference in place of their sum."""
    labels = np.unique(train_y)
    centers = np.array([np.median(train_x[train_y == label], axis=0) for label in labels])
    return labels[np.abs(test_x[:, None] - centers).max(axis=2).argmin(axis=1)]


def middle_column(train_x, train_y, test_x):
    """Take the median of the differences in place of their sum."""
    labels = np.unique(train_y)
    centers = np.array([np.median(train_x[train_y == label], axis=0) for label in labels])
    return labels[np.median(np.abs(test_x[:, None] - centers), axis=2).argmin(axis=1)]


def first_of_ties(train_x, train_y, test_x):
    """Take the labels in the order in which they come."""
    labels = np.array(list(dict.fromkeys(train_y.tolist())))
    centers = np.array([np.median(train_x[train_y == label], axis=0) for label in labels])
    return labels[np.abs(test_x[:, None] - centers).sum(axis=2).argmin(axis=1)]


def whole_centroid(train_x, train_y, test_x):
    """Call the lesson's nearest_centroid as it is."""
    labels = np.unique(train_y)
    train_z, test_z = prepared(train_x, test_x)
    centers = np.array([train_z[train_y == label].mean(axis=0) for label in labels])
    return labels[np.linalg.norm(test_z[:, None] - centers, axis=2).argmin(axis=1)]


EXERCISES = {
    "13.1": Exercise(
        right="b",
        mistakes=(
            ("a", "this is the share of right answers; take the recall of each class first."),
            ("c", "this is the share of ill people; which share of each class is recognized?"),
            ("d", "this is the recall of the ill; the healthy have a recall, too."),
        ),
        hints=(
            "Find the recall of the healthy people and that of the ill ones.",
            "All of the healthy are recognized and none of the ill. Take the mean of the two.",
        ),
    ),
    "13.2": Exercise(
        right=balanced_accuracy,
        inputs=((SMALL,), (TWO,), (THREE,), (PERFECT,), (MANY,), (EMPTY,), (BYTES,)),
        mistakes=(
            (accuracy, "this is the share of right answers, in which large classes count more."),
            (
                mean_precision,
                "the sums run down the columns, which are the answers; the true classes are in rows.",
            ),
            (
                empty_counts_as_zero,
                "a class without films counts as one that is never recognized; leave it out.",
            ),
            (
                empty_is_nan,
                "a class without films leads to a division by zero; look at the sums of the rows.",
            ),
            (sum_of_recalls, "this is the sum of the recalls; the mean is wanted."),
            (
                mean_of_whole_table,
                "this averages all squares of the table; right answers are on the diagonal alone.",
            ),
            (each_recall, "these are the recalls of the classes; one number is wanted."),
            (
                lambda counts: np.mean(np.diag(counts) / counts.sum()),
                "each class is divided by the number of all films; divide by the films of the class.",
            ),
            (
                lambda counts: 1 - balanced_accuracy(counts),
                "this is the mean share of errors; look at what is on the diagonal.",
            ),
            (
                diagonal_of_the_rest,
                "once a row is dropped, the diagonal no longer lies on the true classes; take it"
                " before.",
            ),
            (
                lambda counts: np.mean(np.floor(each_recall(counts))),
                "each recall is cut off to a whole number; divide with / in place of //.",
            ),
            (
                lambda counts: np.mean(np.diag(counts)),
                "these are numbers of films; divide each by the films of its class.",
            ),
            (
                lambda counts: sum_of_recalls(counts) / 3,
                "it divides by 3 for any table; count the classes that have films.",
            ),
            (
                empty_counts_as_one,
                "a class without films counts as one that is always recognized; leave it out.",
            ),
            (median_of_recalls, "this is the median of the recalls; the mean is wanted."),
            (
                drop_never_recognized,
                "a class that has films but is never recognized is left out; its recall is 0.",
            ),
            (
                drop_column_too,
                "with an empty class its column goes, too; those answers are errors of others.",
            ),
        ),
        hints=(
            "np.diag(counts) are the right answers of each class. By what are they to be divided?",
            "counts.sum(axis=1) are the films of each true class. Keep the rows where it is above 0.",
        ),
    ),
    "13.3": Exercise(
        right=draw_shares,
        reads=("image", "limits", "labels"),
        mistakes=(
            (
                drawing(table=lambda counts: counts),
                "these are the counts; divide each row by its sum.",
            ),
            (
                drawing(table=lambda counts: counts, ends=(0, 4)),
                "these are the counts; divide each row by its sum.",
            ),
            (
                drawing(table=lambda counts: counts / counts.max(axis=1, keepdims=True)),
                "each row is divided by its largest number; divide it by its sum.",
            ),
            (
                drawing(table=lambda counts: counts / counts.sum()),
                "all squares together add up to 1; each row by itself should.",
            ),
            (
                drawing(table=lambda counts: counts / counts.sum(axis=0)),
                "each column adds up to 1; the true classes are in rows.",
            ),
            (
                drawing(table=lambda counts: counts / counts.sum(axis=1)),
                "the sums of the rows were laid along the columns; look at keepdims or [:, None].",
            ),
            (
                drawing(table=lambda counts: (counts / counts.sum(axis=1, keepdims=True)).T),
                "rows and columns are exchanged: the true classes belong in rows.",
            ),
            (
                drawing(table=lambda counts: counts.T / counts.T.sum(axis=1, keepdims=True)),
                "each row is an answer here; truth and answers are exchanged in the counting.",
            ),
            (
                drawing(table=lambda counts: (counts / counts.sum(axis=1, keepdims=True))[::-1]),
                "it is upside down; the first class belongs at the top, as imshow puts it.",
            ),
            (
                drawing(table=lambda counts: 100 * counts / counts.sum(axis=1, keepdims=True)),
                "these are percentages; each row should add up to 1.",
            ),
            (
                drawing(
                    table=lambda counts: 100 * counts / counts.sum(axis=1, keepdims=True),
                    ends=(0, 100),
                ),
                "these are percentages; each row should add up to 1.",
            ),
            (
                drawing(ends=(0, 0.8)),
                "the colours end at the largest share; look at vmin and vmax.",
            ),
            (drawing(labels=False), "an axis has no label; which one is the truth?"),
        ),
        hints=(
            "Count into a table of zeros with np.add.at, as confusion does, and sum each row.",
            "Divide by counts.sum(axis=1, keepdims=True), and give vmin=0, vmax=1 to imshow.",
        ),
    ),
    "13.4": Exercise(
        right="b",
        mistakes=(
            ("a", "no new information came in, so one class gains where another one loses."),
            ("c", "an error on a rare class costs more now; to which side does the model lean?"),
            ("d", "the films are the same, but their errors do not cost the same any more."),
        ),
        hints=(
            "Errors on which class cost more with weights than without?",
            "In doubt, the model names a rare class more often. What does that do to the others?",
        ),
    ),
    "13.5": Exercise(
        right="a",
        mistakes=(
            ("b", "no new film, but new rows. Which row is nearest to one whose copy is there?"),
            ("c", "a new patient has no copy in the set; who profits from copies?"),
            ("d", "what is nearest to a row whose copy is still there, and which label has it?"),
        ),
        hints=(
            "When a row is left out, what else of the same film may be in the training part?",
            "The copy is at distance 0 and has the right label. A new patient has no copy.",
        ),
    ),
    "13.6": Exercise(
        right=nearest_centroid([1, 2, 3]),
        score=on_new_people,
        tells=what_is_recognized,
        goal=0.55,
        mistakes=(
            (
                majority,
                "it names one class for every film, which reaches 0.33; let it look at the columns.",
            ),
            (
                nearest_centroid(slice(None)),
                "it uses height and width, which are not of the chest; new people have other sizes.",
            ),
            (
                nearest_centroid([4, 5]),
                "it sees nothing but height and width, which are not of the chest.",
            ),
            (
                nearest_film(slice(None)),
                "it copies the nearest film, and height and width decide which one that is.",
            ),
            (
                nearest_film([0, 1, 2, 3]),
                "it copies the nearest single film; that is learning by heart, as in section 7.",
            ),
            (
                nearest_centroid([0, 1, 2, 3]),
                "it uses the columns of the chest and falls a little short; try another classifier.",
            ),
            (
                library(slice(None)),
                "it leans to the largest class, and it uses height and width.",
            ),
            (
                nearest_centroid([0, 1, 2, 3], filled),
                "the mean of the film decides alone, as it does where the columns are not scaled.",
            ),
            (
                nearest_centroid(slice(None), filled),
                "the columns are not scaled, so height and width, the largest numbers, decide.",
            ),
        ),
        hints=(
            "Which of the six columns describe the chest, and which only the file?",
            "Keep train_X[:, :4] and test_X[:, :4], and hand them to a classifier of section 6.",
        ),
    ),
    "13.7": Exercise(
        right=by_center(),
        inputs=(
            (TIES, np.array([5, 5, 9, 9]), np.array([[0.0], [3], [2.9], [9]])),
            (STRANGE, ODD_LABELS, np.array([[2.0, 1], [9, 9], [25, 1], [4, 3]])),
            (CLOUDS, LABELS_20, RANDOM.normal(1, 3, (12, 3))),
            (CLOUDS, 4 - LABELS_20, RANDOM.normal(1, 3, (25, 3))),
        ),
        mistakes=(
            (by_center(center=np.mean), "the centre is a mean; the median is wanted."),
            (by_center(power=2), "the differences are squared; add their absolute values."),
            (
                by_center(center=np.mean, power=2),
                "this is still the nearest centroid; change the centre and the distance.",
            ),
            (fixed_labels, "it counts the labels from 0 on; go through np.unique(train_y)."),
            (scaled_first, "the columns are scaled; take them as they are."),
            (
                signed_distance,
                "differences of opposite sign cancel each other; take the absolute values first.",
            ),
            (
                by_center(last=True),
                "where two centres are equally near, it takes the larger label.",
            ),
            (
                by_center(index=True),
                "it returns the number of the row; which label does that centre have?",
            ),
            (by_center(farthest=True), "it takes the centre that is farthest away."),
            (
                farthest_column,
                "the largest difference of all columns decides alone; add them up.",
            ),
            (
                whole_centroid,
                "this is still the nearest centroid, with scaled columns; change centre and distance.",
            ),
            (
                first_of_ties,
                "where two centres are equally near, it takes the label that comes first in"
                " train_y; the smaller one wins.",
            ),
            (
                middle_column,
                "the median of the differences decides; add them up.",
            ),
            (nearest_single_film, "it looks for the nearest film; find the nearest centre."),
            (one_median, "one median is taken over all columns; each column has its own."),
        ),
        hints=(
            "Start from nearest_centroid and change the line with the mean and that with norm.",
            "np.median(…, axis=0) for each class; np.abs(test_X[:, None] - centers).sum(axis=2).",
        ),
    ),
}
