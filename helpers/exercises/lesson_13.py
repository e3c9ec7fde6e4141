"""The exercises of lesson 13: a first classifier."""

from functools import cache

import numpy as np

from helpers.exercises.engine import Exercise

# Measured by helpers.batch.measure, a film after the other, a block for each class: mean; lung
# share, opacity share and edge density in thousandths; height and width. "-" where it is missing.
# First the films of data/pneumonia, then films of further people, drawn like those by data.phantom.
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
125 255 0 87 360 344 | 131 299 0 132 238 249 | 130 300 52 130 292 332 | 119 310 0 132 304 349
130 206 0 132 358 337 | 131 317 63 138 310 351 | 132 264 19 121 260 289 | 117 242 0 122 288 355
109 0 - - 274 376 | 139 245 0 136 347 356 | 155 242 0 132 366 382 | 126 249 25 127 264 273
124 0 - - 241 301 | 138 323 0 128 346 326 | 130 0 - - 301 354 | 116 285 80 143 240 286
131 0 - - 217 263 | 137 256 40 141 269 262 | 119 260 50 139 236 289 | 139 273 0 130 319 364
123 251 0 132 218 251 | 116 0 - - 270 377 | 107 0 - - 195 270 | 136 279 0 132 341 326
122 320 0 132 233 317 | 130 0 - - 230 301 | 155 247 0 138 326 328 | 144 0 - - 269 384
143 227 0 146 267 268

121 239 83 139 382 381 | 123 337 56 134 233 296 | 126 307 121 136 272 290 | 98 0 - - 193 247
125 258 68 143 265 280 | 136 347 95 141 231 278 | 118 0 - - 248 327 | 116 304 78 126 213 245
140 299 0 118 303 317 | 148 231 39 137 384 384 | 138 279 81 142 298 308 | 132 322 155 146 250 282
107 0 - - 243 317 | 148 266 153 137 265 250 | 138 292 81 147 258 248 | 116 0 - - 291 373
154 222 56 145 263 263 | 144 325 179 148 218 268 | 144 251 102 144 282 300 | 163 288 117 133 384 353
150 265 105 140 345 335 | 152 290 74 147 320 295 | 107 0 - - 275 355 | 116 0 - - 193 248
128 301 140 132 242 245 | 155 254 93 146 368 385 | 138 255 0 138 338 340 | 119 0 - - 241 305
148 272 61 138 328 306 | 140 311 66 144 235 295 | 125 283 86 137 242 296 | 138 265 143 141 325 332
146 324 87 147 275 328 | 158 299 196 139 246 276 | 128 302 103 123 266 246 | 150 246 182 134 320 321
144 237 226 144 385 372 | 140 262 123 145 274 304 | 139 315 35 142 324 358 | 122 288 150 123 308 363
129 295 44 139 268 308 | 135 240 105 135 259 277 | 155 274 60 138 303 337 | 139 281 132 148 294 307
144 258 155 125 322 340 | 157 306 97 132 293 325 | 132 261 261 141 334 388 | 146 323 318 141 246 269
110 311 161 137 267 318 | 125 0 - - 228 252 | 143 369 194 140 298 351 | 141 0 - - 266 354
139 320 84 135 341 375 | 115 271 42 104 287 280 | 141 268 112 152 227 262 | 140 160 168 145 261 270
108 358 64 120 303 354 | 128 296 112 136 349 385

134 0 - - 227 246 | 135 0 - - 266 371 | 152 337 0 152 320 335 | 164 311 74 157 309 304
123 240 43 142 279 274 | 132 227 19 149 356 380 | 145 305 66 135 311 309 | 129 0 - - 249 301
108 261 0 127 306 325 | 111 0 - - 252 327 | 134 273 90 130 353 342 | 131 0 - - 250 325
125 0 - - 251 316 | 143 221 33 151 320 299 | 164 249 71 154 271 275 | 159 290 53 155 277 271
137 245 52 143 253 250 | 166 0 - - 310 350 | 114 310 60 124 227 264 | 127 306 42 145 259 288
141 293 139 145 338 338 | 125 294 81 150 261 311 | 147 322 90 145 306 371 | 131 228 148 143 328 330
145 261 38 145 304 328 | 163 290 67 151 377 360 | 152 273 0 155 277 284 | 128 207 0 138 328 316
151 259 64 149 280 283
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
    if not callable(classify):
        raise TypeError("a function is wanted, its name without brackets")
    train_x, train_y = people(KNOWN_PEOPLE)
    test_x, test_y = people(NEW_PEOPLE)
    answers = classify(train_x.copy(), train_y.copy(), test_x.copy())
    if answers is None or answers is ...:
        return answers
    answers = np.asarray(answers)
    if answers.shape != test_y.shape:
        raise ValueError(f"it returns {answers.size} labels for {len(test_y)} films")
    return float(np.mean([np.mean(answers[test_y == label] == label) for label in range(3)]))


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
                drawing(table=lambda counts: 100 * counts / counts.sum(axis=1, keepdims=True)),
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
        right=nearest_centroid([0, 2, 3]),
        score=on_new_people,
        goal=0.6,
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
                "it copies the nearest single film; a centre of many is less moved by chance.",
            ),
            (
                library([0, 1, 2, 3]),
                "it leans to the largest class; what evens out classes of unequal size?",
            ),
            (
                nearest_centroid([0, 1, 2, 3], filled),
                "the columns are not scaled, so the mean of the film decides alone.",
            ),
        ),
        hints=(
            "Which of the six columns describe the chest, and which only the file?",
            "Keep train_X[:, :4] and test_X[:, :4], and hand them to a classifier that treats all"
            " classes alike.",
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
            (by_center(power=0.5), "the differences go in by their root; add them as they are."),
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
            (nearest_single_film, "it looks for the nearest film; find the nearest centre."),
            (one_median, "one median is taken over all columns; each column has its own."),
        ),
        hints=(
            "Start from nearest_centroid and change the line with the mean and that with norm.",
            "np.median(…, axis=0) for each class; np.abs(test_X[:, None] - centers).sum(axis=2).",
        ),
    ),
}
