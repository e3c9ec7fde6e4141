"""Right answers to the exercises of lesson 13, in another style than the reference."""

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def balanced_accuracy(counts):
    found = [float(row[i]) / float(sum(map(int, row))) for i, row in enumerate(counts) if row.any()]
    return sum(found) / len(found)


def draw(figure):
    truth, answers = [0, 0, 0, 0, 0, 1, 1, 1, 2, 2], [0, 0, 0, 0, 1, 1, 1, 2, 1, 2]
    pairs = list(zip(truth, answers, strict=True))
    shares = [[pairs.count((a, b)) / truth.count(a) for b in range(3)] for a in range(3)]
    axes = figure.add_subplot()
    picture = axes.imshow(shares, cmap="Blues")
    picture.set_clim(0, 1)
    figure.colorbar(picture)
    axes.set_xlabel("what the program says")
    axes.set_ylabel("what is true")


def weighted(train_x, train_y, test_x):
    logistic = LogisticRegression(class_weight="balanced", C=0.1, max_iter=1000)
    steps = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), logistic)
    return steps.fit(train_x[:, [2, 3]], train_y).predict(test_x[:, [2, 3]])


def nearest_median(train_x, train_y, test_x):
    answers = []
    for film in test_x:
        distances = {}
        for label in sorted(set(train_y.tolist())):
            middle = np.median(train_x[train_y == label], axis=0)
            distances[label] = np.linalg.norm(film - middle, ord=1)
        answers.append(min(distances, key=distances.get))
    return answers


ANSWERS = {
    "13.1": "B",
    "13.2": balanced_accuracy,
    "13.3": draw,
    "13.4": "b",
    "13.5": "A",
    "13.6": weighted,
    "13.7": nearest_median,
}
